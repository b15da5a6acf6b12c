"""Copies of which only the header, or a beginning, came back in a bounce: what is cut off differs in nothing."""

WHOLE = """whole AS (
    SELECT DISTINCT sha256 FROM occurrences WHERE status = 'parsed'
    EXCEPT
    SELECT c.sha256 FROM messages c
    JOIN messages m ON m.message_id.value = c.message_id.value AND m.subject.value = c.subject.value
        AND m.body_sha256 <> c.body_sha256
    WHERE c.body_sha256 = sha256('')
       OR (c.sha256 IN (SELECT sha256 FROM notices WHERE code = 'mail.not_closed')
           AND c.sha256 IN (SELECT sha256 FROM occurrences WHERE message_sha256 <> '')))"""
"""A common table expression: mails that were read to their end and are no cut copy of another one of the same subject.

A mail that was cut off or damaged on the way to us is no other version of a mail. One that breaks off is a cut copy
where it stands in another mail: alone it may be what somebody took an end from.
"""
