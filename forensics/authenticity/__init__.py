"""What signatures prove: key records, digests that a key opens, seals in order, keys that an archive gives away.

Nothing here asks a clock of today: expiry, windows of keys and times of signing are facts that stand beside a verdict.
"""
