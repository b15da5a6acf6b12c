"""Recovers keys from the signatures of a case: which selectors, in which order, in which processes."""
