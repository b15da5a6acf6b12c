"""Quoted text against the mail that it was taken from, in the cheapest way that explains it.

Nearly all that is quoted stands in the original once only letters and digits count, small: whole blocks at once, or
line by line where the writer left something out. What is left is looked for without links, marks and numbers of lists,
then told by its form (headers, trailers, code). Only what nothing of this explains is compared word by word.
"""
