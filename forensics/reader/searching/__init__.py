"""Searching a case: what its items hold to be searched, the index of their words, and what is found."""
