"""What a mail's text says of a mail that it quotes, above the quote."""

import msgspec

from forensics.model.facts import Absence, Located, Timestamp


class QuotedMail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One line or header block by which a client introduces the mail that it quotes; every value as written."""

    style: str
    """Family of clients that write so (``parsers/mail/quoting``). Lines: ``mutt``, ``rfc`` (Claws and others with the
    quoted Date as it is), ``evolution``, ``thunderbird``, ``gmail``, ``apple``, ``fastmail``, ``kmail``, ``yahoo``,
    ``pine``, ``outlook``, ``undated``, ``other``. Blocks: ``outlook``, ``header`` (with the Date of a header),
    ``forwarded_gmail``, ``forwarded_thunderbird``, ``forwarded_apple``, ``block``."""
    depth: int
    """How many ``>`` stand before it: 0 for what the mail itself answers; in a page always 0."""
    part: str
    """Part number."""
    written: Located
    """The whole line or block; of a page without bytes of its own the beginning of the part."""
    date: Timestamp | Absence = Absence.NOT_PRESENT
    """When the quoted mail was sent, by the clock, or in the zone, of the client that quotes it."""
    other_readings: tuple[int, ...] = ()
    """Further calendar readings, as ``wall`` of the date, where the writing leaves open which number is the day."""
    name: str = ""
    address: str = ""
    is_block: bool = False
    """Whether it is a header block: only then does an empty field mean that the block has none."""
    subject: str = ""
    to: str = ""
    cc: str = ""
