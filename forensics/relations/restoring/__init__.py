"""What a mail may have said before it was changed, as other mails still say it.

A mail that quotes another, is quoted by it, or is a version of it has most of its words. Where the two differ, the
other one's words are put in the place of its own. Each result is only a candidate: what proves it is not asked here.
"""
