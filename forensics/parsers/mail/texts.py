"""What the texts of one message say, hide and show of their writer: each read apart from the others."""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import BodyMark, MimePart, TextDigest, Twins
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import MAX_BYTES, Bodies, Body
from forensics.parsers.mail.faults import attempt
from forensics.parsers.mail.letters import read_letters
from forensics.parsers.mail.marks import read_marks
from forensics.parsers.mail.reading import Reading
from forensics.parsers.mail.text_births import read_births
from forensics.parsers.mail.text_form import text_form
from forensics.parsers.mail.twins import read_twins

_RECIPIENTS = frozenset(("to", "cc", "bcc", "delivered-to"))


class Texts(NamedTuple):
    """What was read of a message's texts."""

    letters: str
    digests: tuple[TextDigest, ...]
    form: tuple[str, ...]
    twins: tuple[Twins, ...]
    marks: tuple[BodyMark, ...]
    searched: bool
    """Whether all were searched for marks to their end."""


def read_texts(root: MimePart, reading: Reading) -> Texts:
    """Read a message's texts.

    Args:
        root: its MIME tree.
        reading: its header fields; takes the notices.
    """
    bodies = Bodies(root, reading.data)
    span = root.body_start, len(reading.data)
    notices = reading.notices
    read = (*bodies.shown, *bodies.pages)
    notices += [notice for body in read for notice in _oddities(body)]
    twins = attempt(notices, "the texts against each other", span, read_twins, bodies) if root.parts else ()
    births = attempt(notices, "the age of the texts", span, read_births, bodies) or ()
    recipients = frozenset([party.address.lower() for party in reading.parties if party.field in _RECIPIENTS])
    marks = attempt(notices, "the marks in the texts", span, read_marks, bodies, reading.subject, recipients)
    letters, digests = attempt(notices, "the letters of the texts", span, read_letters, bodies) or ("", ())
    return Texts(
        letters=letters,
        digests=digests,
        form=attempt(notices, "the form of the texts", span, text_form, bodies) or (),
        twins=twins or (),
        marks=(*(marks or ()), *births),
        searched=marks is not None and not any(body.cut for body in read),
    )


def _oddities(body: Body) -> Iterator[Notice]:
    """Yield what keeps a text from being read as it is."""
    part = body.part
    first, size = part.body_start, part.end - part.body_start
    if body.cut:
        locator = Locator(ranges=((first + MAX_BYTES, part.end),), path=f"part:{part.number or '1'}")
        text = f"a text longer than {MAX_BYTES:,} bytes; words, characters and links beyond are not judged"
        yield Notice(code="mail.text_bytes", text=text, locator=locator, unread=size - MAX_BYTES)
    if part.charset and not charsets.codec(part.charset) and not body.text.isascii():
        locator = Locator(ranges=((part.start, first),), path=f"part:{part.number or '1'}")
        used = f"; read as {part.charset_found}" if part.charset_found else ""
        text = f"a text in {part.charset[:40]!r}, which is no charset known here{used}"
        yield Notice(code="mail.charset_unknown", text=text, locator=locator)
