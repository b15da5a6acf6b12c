"""What the texts of one message say, hide and show of their writer: each read apart from the others.

Digests are of what they say, whatever encoding, wrap or mark they came with. The words and links of a text are the
same in copies of one mail that a gateway coded, wrapped or quoted otherwise. Its letters are the same even in copies
marked for their readers: marks hide in spaces, line ends, signs, links, unseen characters and letters that look alike.
A sketch of them tells which texts are nearly the same.

Source: knowledge base I-11; RFC 4155 on ``>From``; RFC 3676 on flowed lines; files.md on marks for recipients.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

from forensics.knowledge.attachment_words import may_speak_of_files
from forensics.knowledge.confusables import LOOKALIKES
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.model.mail_texts import FileMention, TextDigest
from forensics.parsers.mail import charsets
from forensics.parsers.mail.bodies import MAX_BYTES, Bodies, Body
from forensics.parsers.mail.form import text_form
from forensics.parsers.mail.marks import read_births, read_marks
from forensics.parsers.mail.quoting.lines import PATCH
from forensics.parsers.mail.quoting.reader import read_quoted
from forensics.parsers.mail.reading import Letters, Reading, Texts, attempt
from forensics.parsers.mail.sketch import sketch, without_quotes
from forensics.parsers.mail.twins import read_twins

_RECIPIENTS = frozenset(("to", "cc", "bcc", "delivered-to"))
LEAST_BYTES = 200
"""Letters below which two texts are alike by chance."""
_LINK = re.compile(rb"(https?://[^\s<>\")\]]+)")
_QUOTED = re.compile(rb"^>+(?=From )", re.MULTILINE)
_NOT_OWN = re.compile(rf"\n(?:--[ \t]*[\r\n]|{'|'.join(map(re.escape, PATCH))})")
_SPACE = b" \t\r\n\v\f"
_NO_LETTER = bytes([byte for byte in range(128) if not chr(byte).isalnum()])
_LOWER = bytes(range(256)).lower()
_TYPOGRAPHIC = re.compile(rb"\xe2\x80[\x80-\xaf]|\xc2\xa0|\xe3\x80\x80|\xef\xbb\xbf")
_TYPED = {
    **{chr(byte).encode(): b"" for byte in range(0x2000, 0x200B)},
    **dict.fromkeys(map(str.encode, "\u2010\u2011\u2013\u2014"), b"-"),
    **dict.fromkeys(map(str.encode, "\u2018\u2019\u201a\u201b"), b"'"),
    **dict.fromkeys(map(str.encode, "\u201c\u201d\u201e\u201f"), b'"'),
    "\u2026".encode(): b"...",
    **dict.fromkeys(map(str.encode, "\u00a0\u202f\u3000\ufeff"), b""),
}
"""What narrower charsets write for quotes, dashes and dots, in UTF-8; wide and narrow spaces are none."""
_SIGNS = re.compile(rb"\xc2[\x80-\xbf]|\xe2[\x80\x81][\x80-\xbf]|\xe3\x80[\x80-\xbf]|\xef\xbb\xbf")
"""Signs, spaces and unseen characters beyond ASCII, in UTF-8: U+0080 to U+00BF, U+2000 to U+207F, U+3000 to U+303F and
the byte order mark."""
_ALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_TARGETS = {"a": "href", "area": "href", "form": "action", "img": "src"}
_SOUGHT = ",".join(_TARGETS)
_SHIFTED = ("iso-2022", "utf-7", "unicode-1-1-utf-7", "hz")
"""Charsets that write other letters in the bytes of ASCII."""


def read_texts(root: MimePart, reading: Reading, decoded: Mapping[int, bytes]) -> Texts:
    """Read a message's texts.

    Args:
        root: its MIME tree.
        reading: its header fields; takes the notices.
        decoded: by its first byte what each encoded text decodes to.
    """
    bodies = Bodies(root, reading.data, decoded)
    span = root.body_start, len(reading.data)
    notices = reading.notices
    read = (*bodies.shown, *bodies.pages)
    notices += [notice for body in read for notice in _oddities(body)]
    twins = attempt(notices, "the texts against each other", span, read_twins, bodies) if root.parts else ()
    births = attempt(notices, "the age of the texts", span, read_births, bodies) or ()
    recipients = _recipients(reading) if any(body.part.media_type == "text/html" for body in read) else frozenset[str]()
    marks = attempt(notices, "the marks in the texts", span, read_marks, bodies, reading.subject, recipients)
    return Texts(
        letters=attempt(notices, "the letters of the texts", span, read_letters, bodies) or Letters(),
        form=attempt(notices, "the form of the texts", span, text_form, bodies) or (),
        twins=twins or (),
        marks=(*(marks or ()), *births),
        quoted=attempt(notices, "what the texts quote", span, read_quoted, bodies, notices) or (),
        mentions=attempt(notices, "what the texts say of files", span, _read_mentions, bodies) or (),
        searched=marks is not None and not any(body.cut for body in read),
    )


def _recipients(reading: Reading) -> frozenset[str]:
    """Return the addresses, small, for one of which a page's links may be made."""
    return frozenset([party.address.lower() for party in reading.parties if party.field in _RECIPIENTS])


def _read_mentions(bodies: Bodies) -> tuple[FileMention, ...]:
    """Return what a message's texts say of files that come with it; pages count where there is no plain text."""
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    speaking = [body for body in plain or bodies.shown if not body.cut and _may_speak(body)]
    if not speaking:
        return ()
    from forensics.parsers.mail.mentions import mentions_of

    return tuple([mention for body in speaking for mention in mentions_of(body)])


def _may_speak(body: Body) -> bool:
    """Whether a text may speak of files before a signature's mark or a patch, behind which no words are its writer's.

    Of a flowed text, whose lines are others once they are joined, all counts; so it is of a page.
    """
    content_type, text = body.part.first("content-type"), body.text
    flowed = content_type is not None and b"flowed" in content_type.body.lower()
    end = _NOT_OWN.search(text) if body.part.media_type == "text/plain" and not flowed else None
    return may_speak_of_files(text if end is None else text[: end.start()])


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


class _Text(NamedTuple):
    """One text without links, as it is written and without white space, and its links in order."""

    written: bytes
    tight: bytes
    links: tuple[bytes, ...]


def read_letters(bodies: Bodies) -> Letters:
    """Return what tells copies of a message's texts.

    Letters and digits count, small; of a message with text and HTML those of the text alone; there is no digest of few.
    A text that is read in part gives none: what is equal so far may differ beyond.
    """
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    counted = plain or bodies.shown
    read = {body.start: _read(bodies, body) for body in bodies.shown if not body.cut}
    texts = [_digest(text) for text in read.values() if text.tight or text.links]
    if any(body.cut for body in counted):
        return Letters()
    found = b"".join([_letters(read[body.start].tight) for body in counted])
    digests = tuple(texts) if len(read) == len(bodies.shown) else ()
    if len(found) < LEAST_BYTES:
        return Letters(digests=digests)
    own = _own(found, [read[body.start].written for body in counted])
    return Letters(sha256=hashlib.sha256(found).hexdigest(), digests=digests, sketch=sketch(own))


def _own(letters: bytes, texts: Sequence[bytes]) -> bytes:
    """Return the letters of texts beside what they quote."""
    if not any(b"\n>" in text or text.startswith(b">") for text in texts):
        return letters
    return b"".join([_letters(without_quotes(text)) for text in texts])


def _read(bodies: Bodies, body: Body) -> _Text:
    page, part = body.part.media_type == "text/html", body.part
    if not page and part.decoder == "copy/1" and body.raw.isascii() and not part.charset.startswith(_SHIFTED):
        raw, linked = body.raw, bool(body.links)
    else:
        text = " ".join(_shown(bodies, body)) if page else body.text
        raw = text.encode() if text.isascii() else _typed(text)
        linked = "://" in text
    if b">" in raw and b">From " in raw:
        raw = _QUOTED.sub(b"", raw)
    links: list[bytes] = []
    if linked:
        pieces = _LINK.split(raw)
        links, raw = pieces[1::2], b"".join(pieces[::2])
    if page:
        links += _targets(bodies, body)
    return _Text(raw, raw.translate(None, _SPACE), tuple(links))


def _shown(bodies: Bodies, page: Body) -> list[str]:
    return [tree.body.text() for tree in bodies.trees(page) if tree.body is not None]


def _targets(bodies: Bodies, page: Body) -> list[bytes]:
    """Return where a page's links and forms lead, and the pictures that it fetches."""
    targets = set()
    for tree in bodies.trees(page):
        targets.update([node.attributes.get(_TARGETS[node.tag or ""]) or "" for node in tree.css(_SOUGHT)])
    named = sorted([target.strip() for target in targets if not target.startswith(("cid:", "data:"))])
    return [target.encode("utf-8", "replace") for target in named if target]


def _typed(text: str) -> bytes:
    """Return a text composed, in the signs that every charset has."""
    raw = normalize("NFC", text).encode("utf-8", "replace")
    return _TYPOGRAPHIC.sub(lambda found: _TYPED.get(found[0], found[0]), raw)


def letters_of(text: str) -> bytes:
    """Return the letters and digits of a text, small: the same however it was wrapped, quoted or coded."""
    return _letters(text.encode() if text.isascii() else _typed(text))


def _letters(raw: bytes) -> bytes:
    if not raw.isascii():
        text = raw.decode("utf-8", "replace")
        raw = text.translate(LOOKALIKES).encode() if _ALIKE.search(text) else raw
        raw = _SIGNS.sub(b"", raw)
    return raw.translate(_LOWER, _NO_LETTER)


def _digest(text: _Text) -> TextDigest:
    return TextDigest(
        words=hashlib.sha256(text.tight).hexdigest(),
        links=hashlib.sha256(b"\n".join(text.links)).hexdigest() if text.links else "",
    )
