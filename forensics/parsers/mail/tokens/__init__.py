"""Times inside ids that programs make: one table of schemes for each kind of token.

A scheme is a row: what its tokens look like and how their time is read. Decoding is a fact, never a judgement: a token
that fits no scheme carries no time, and one that fits two gives both readings, each with the other's name beside it.
Sources: measured on 131,591 mails (the project's knowledge base on mail, section 1), the id in each row.
"""
