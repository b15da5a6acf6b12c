"""Scores a case against the labels of a planted leak; reads the case through the public library only."""
