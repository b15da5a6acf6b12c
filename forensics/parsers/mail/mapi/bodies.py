"""The bodies of a stored message: text, page and Rich Text, each with its property.

A store makes one of the other: which of them came with the message its PidTagNativeBody says. Where only Rich Text is
kept, what it carries encapsulated is read, text or page.

Source: [MS-OXCMSG] 2.2.1.56, [MS-OXBBODY] 2.1, [MS-OXRTFEX].
"""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from forensics.model.items import Limits, Notice
from forensics.model.locations import Locator
from forensics.model.mail import BodyPart, MimePart
from forensics.parsers.mail import charsets
from forensics.parsers.mail.leaves import text_digests
from forensics.parsers.mail.mapi.compressed_rtf import RichText, decompress
from forensics.parsers.mail.mapi.laid_out import LaidOut, Text, text_bytes
from forensics.parsers.mail.mapi.properties import Properties, Property
from forensics.parsers.mail.mapi.values import (
    STRING,
    charset_of,
    codepage_of,
    data_of,
    internet_charset,
    is_text,
    size_of,
)

TEXT, HTML, RTF = 0x1000, 0x1013, 0x1009
RTF_BYTES = 4_000_000
"""Compressed bytes of Rich Text that are read."""


class _Body(NamedTuple):
    number: str
    media_type: str
    text: Text
    charset: str
    path: str


class BodiesRead(NamedTuple):
    """What the bodies of a message are."""

    root: MimePart
    """A tree of the texts, in what was laid out."""
    parts: tuple[BodyPart, ...]
    """Texts, then the Rich Text."""
    notices: tuple[Notice, ...]
    whole: bool
    """Whether all texts that there are were read."""


def lay_out(properties: Properties, limits: Limits, laid: LaidOut) -> BodiesRead:
    """Lay out the texts of a message, and return what they are."""
    found: list[_Body] = []
    notices: list[Notice] = []
    plain, page, rich = (properties.get(number) for number in (TEXT, HTML, RTF))
    if plain is not None and is_text(plain) and size_of(plain):
        found.append(_body("text", "text/plain", plain, charset_of(codepage_of(properties)), limits))
    if page is not None and size_of(page):
        found.append(_body("html", "text/html", page, internet_charset(properties), limits))
    whole = True
    parts: tuple[BodyPart, ...] = ()
    if rich is not None and not is_text(rich) and size_of(rich):
        has_text, has_page = (any(one.number == number for one in found) for number in ("text", "html"))
        part, more, read = _rich(rich, notices, has_text=has_text, has_page=has_page)
        parts = (part,)
        found += more
        whole = bool(found) or read
    start = laid.size
    leaves = [_leaf(one, laid) for one in found]
    root = MimePart(
        number="",
        media_type="multipart/alternative" if len(leaves) > 1 else "multipart/mixed",
        start=start,
        body_start=start,
        end=laid.size,
        headers=(),
        parts=tuple(leaves),
    )
    texts = [_part(leaf, laid, one.path) for leaf, one in zip(leaves, found, strict=True)]
    return BodiesRead(root, (*texts, *parts), tuple(notices), whole)


def _body(number: str, media_type: str, found: Property, charset: str, limits: Limits) -> _Body:
    text = text_bytes(found, limits.memory_bytes)
    data = text.data.rstrip(b"\0") if is_text(found) else text.data
    wide = found.type == STRING
    return _Body(number, media_type, text._replace(data=data), "utf-8" if wide else charset, found.locator.path)


def _rich(
    found: Property, notices: list[Notice], *, has_text: bool, has_page: bool
) -> tuple[BodyPart, list[_Body], bool]:
    """Return Rich Text as a part, what it carries that no other property has, and whether it could be read."""
    raw, path = data_of(found, RTF_BYTES + 1), found.locator.path
    rich = RichText(b"", f"compressed Rich Text of more than {RTF_BYTES:,} bytes; not read")
    if len(raw) <= RTF_BYTES:
        rich = decompress(raw)
    if rich.fault:
        unread = 0 if rich.data else size_of(found)
        notices.append(Notice(code="mapi.rtf_damaged", text=rich.fault, locator=found.locator, unread=unread))
    if rich.odd_size:
        text = "compressed Rich Text whose stated size counts part of its header, as Outlook does not write it"
        notices.append(Notice(code="mapi.rtf_size", text=text, locator=found.locator))
    digest = hashlib.sha256(rich.data).hexdigest() if rich.data else ""
    part = BodyPart(
        number="rtf",
        media_type="text/rtf",
        disposition="alternative",
        size=len(rich.data),
        sha256=digest,
        locator=found.locator,
    )
    carried = [] if (has_text and has_page) or not rich.data else _carried(rich.data, path, has_text=has_text)
    more = [one for one in carried if not (has_text if one.number == "text" else has_page)]
    return part, more, bool(carried)


def _carried(rich: bytes, path: str, *, has_text: bool) -> list[_Body]:
    """Return the text or the page that Rich Text carries."""
    inner = _reader()(rich, has_text=has_text)
    if inner is None:
        return []
    kind, data = inner
    number, media_type = ("html", "text/html") if kind == "html" else ("text", "text/plain")
    return [_Body(number, media_type, Text(data, None, 0), "utf-8", f"{path}/{kind}")]


@cache
def _reader() -> Callable[..., tuple[str, bytes] | None]:
    """Return what reads Rich Text, imported when the first message needs it."""
    from forensics.parsers.mail.mapi.rich_text import carried

    return carried


def _leaf(body: _Body, laid: LaidOut) -> MimePart:
    content = body.text.data
    start = laid.add(body.text, f"part:{body.number}", body.path)
    known = bool(body.charset) and charsets.decode(content, body.charset) is not None
    sha256, text_sha256 = text_digests(content)
    return MimePart(
        number=body.number,
        media_type=body.media_type,
        charset=body.charset,
        charset_found="" if known or content.isascii() else charsets.find_charset(content),
        size=len(content),
        sha256=sha256,
        text_sha256=text_sha256,
        locator=Locator(ranges=((start, laid.size),), path=f"part:{body.number}"),
        start=start,
        body_start=start,
        end=laid.size,
        headers=(),
    )


def _part(leaf: MimePart, laid: LaidOut, path: str) -> BodyPart:
    place = laid.locator(leaf.locator)
    return BodyPart(
        number=leaf.number,
        media_type=leaf.media_type,
        charset=leaf.charset,
        charset_found=leaf.charset_found,
        size=leaf.size,
        sha256=leaf.sha256,
        text_sha256=leaf.text_sha256,
        locator=place if place.ranges else Locator(path=path),
    )
