"""Two items compared field by field and part by part; no table is read or written here.

A difference is lawful where something that happens to all mail explains it. What servers do needs a server: a
signature, a list's footer or a tag in one copy alone is lawful only if this copy passed servers that the other did
not (`grounds`). What a mailbox writes, and what is the same text in another form, needs nothing.
"""
