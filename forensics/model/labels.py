"""What a reader recognizes an item by: who wrote it to whom, its subject, the date that it claims, its name."""

import msgspec

RECIPIENTS = 10
"""So many recipients are named."""


class ItemLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an item says of itself, as it says it; nothing of it is tested. What is empty is left out of JSON."""

    path: str
    """Its place for people, `forensics.model.locations.Location.readable`."""
    name: str = ""
    """The file name that its container gives it."""
    sender: str = ""
    """Of a mail the mailboxes of From, ``name <address>`` each, joined by ``, ``."""
    recipients: tuple[str, ...] = ()
    """The mailboxes of To, Cc and Bcc, at most `RECIPIENTS`."""
    recipient_count: int = 0
    """How many there are."""
    subject: str = ""
    date: str = ""
    """The date that it claims, RFC 3339 with its offset as written, without a zone where that is not known: Date of a
    mail, of a document when it was saved last, else made, by its own properties."""
    of_mail: tuple[str, ...] = ()
    """Which of these fields are those of the mail in which it stands, since it has none itself."""
