"""Copies of which only the header, or a beginning, came back in a bounce: what is cut off differs in nothing."""

UNCUT = """
cuttable AS (
    SELECT item FROM flat.mails WHERE body_sha256 = sha256('')
    UNION SELECT item FROM notices JOIN flat.items USING (sha256) WHERE code = 'mail.not_closed' AND inside),
cut AS (
    SELECT c.item FROM cuttable JOIN flat.mails c USING (item)
    JOIN flat.mails m ON m.message_id = c.message_id AND m.subject = c.subject AND m.body_sha256 <> c.body_sha256),
uncut AS (SELECT item FROM flat.items ANTI JOIN cut USING (item) WHERE parsed)"""
"""Common table expressions; ``uncut``: items that were read to their end and are no cut copy of another of the same
subject.

A mail that was cut off or damaged on the way to us is no other version of a mail. One that breaks off is a cut copy
where it stands in another mail: alone it may be what somebody took an end from.
"""
WHOLE = f"""{UNCUT},
whole AS (SELECT item FROM uncut ANTI JOIN (FROM flat.mails WHERE stored) USING (item))"""
"""The same; ``whole``: those that no store keeps as properties. A store made its body, and another makes another."""
