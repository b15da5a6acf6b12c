"""What the MIME fields of one entity say: type, transfer encoding, disposition, file names and dates.

Source: RFC 2045, RFC 2183.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forensics.model.facts import ABSENT, Absence, ClockKind, Description, Located, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.charsets import decode_raw
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.parameters import Value, parse_value
from forensics.parsers.mail.words import decode_text, without_comments

DECODER_OF = {
    "base64": "base64/2",
    "quoted-printable": "quoted-printable/2",
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), "uuencode/2"),
}
"""Transfer encoding to decoder; all others are copied."""
COPIED = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits"))
_TOKEN = re.compile(rb"\s*+([!#-'*+\-.0-9A-Z^-~]++)\s*+")
_WORD = re.compile(rb"[0-9A-Za-z-]++")
_TYPE = re.compile(r"[^/]+/[^/]+")
_TIMES = (
    ("creation-date", TimeKind.FILE_CREATED, Description.CREATION),
    ("modification-date", TimeKind.FILE_MODIFIED, Description.MODIFICATION),
    ("read-date", TimeKind.FILE_READ, Description.LAST_ACCESS),
)


class Encoding(NamedTuple):
    """A Content-Transfer-Encoding field."""

    token: str
    """What counts: its first word, lower case."""
    others: tuple[str, ...]
    """Decoders that its other words name, where it is no single word."""
    well_formed: bool


@lru_cache(1024)
def parse_encoding(body: bytes) -> Encoding:
    """Read the body of a Content-Transfer-Encoding field (RFC 2045 6.1)."""
    text = without_comments(body)
    if (token := _TOKEN.fullmatch(text)) is not None:
        return Encoding(decode_raw(token[1]).lower(), (), True)
    first = parse_value(body).value
    named = [DECODER_OF.get(word.decode().lower(), "") for word in _WORD.findall(text[:1000])]
    others = dict.fromkeys([decoder for decoder in named if decoder and decoder != DECODER_OF.get(first)])
    return Encoding(first, tuple(others), not text.strip())


class Entity:
    """The MIME fields of one entity; of equal fields the first counts."""

    content_type: Value | None = None
    media_type = ""
    """As claimed; empty where there is none, or none that names a type and a subtype."""
    encoding = ""
    """The first word of its transfer encoding."""
    encodings: tuple[str, ...] = ()
    """Decoders of further readings of the transfer encoding."""
    odd_encoding: HeaderField | None = None
    """A Content-Transfer-Encoding that is no single word."""
    disposition = ""
    content_id = ""
    repeated: HeaderField | None = None
    """A MIME field that stands twice."""
    doubts: tuple[tuple[HeaderField, Value], ...] = ()
    """Fields whose parameters can be read otherwise."""
    boundaries: tuple[bytes, ...] = ()
    names: tuple[str, ...] = ()
    """File names, the one that counts first."""
    name_field: HeaderField | None = None
    """The first field that names a file, where there are names that differ."""
    size: int | None = None
    """As Content-Disposition states it."""
    size_written = ABSENT

    def __init__(self, fields: tuple[HeaderField, ...], charset: str) -> None:
        """Read them.

        Args:
            fields: all fields of the entity.
            charset: asked where raw 8-bit bytes are no UTF-8.
        """
        seen: set[str] = set()
        for field in fields:
            key = field.key
            if key[:8] != "content-":
                continue
            if key in seen:
                self.repeated = field
                if key == "content-transfer-encoding":
                    self._second_encoding(field)
                continue
            seen.add(key)
            if key == "content-type":
                value = self.content_type = self._value(field, charset)
                if _TYPE.fullmatch(value.value):
                    self.media_type = value.value
            elif key == "content-transfer-encoding":
                self.encoding, self.encodings, well_formed = parse_encoding(field.body)
                if not well_formed:
                    self.odd_encoding = field
            elif key == "content-disposition":
                self._read_disposition(field, charset)
            elif key == "content-id":
                self.content_id = decode_text(field.body).strip("<>")
        if self.content_type is not None and self.content_type.parameters:
            self._read_parameters(self.content_type)
        if len(self.names) > 1:
            self.names = tuple(dict.fromkeys(self.names))
            if any(_is_another(self.names[0], other) for other in self.names[1:]):
                self.name_field = next(one for one in fields if one.key in ("content-disposition", "content-type"))

    @property
    def is_odd(self) -> bool:
        """Whether some field is repeated, malformed, or contradicts another."""
        return bool(self.repeated or self.odd_encoding or self.doubts or self.name_field)

    def _read_disposition(self, field: HeaderField, charset: str) -> None:
        disposition = self._value(field, charset)
        self.disposition = disposition.value
        if disposition.parameters:
            self.names = _all(disposition, "filename")
            stated = disposition.parameters.get("size", "")
            if stated.isdecimal() and len(stated) < 16:
                self.size, self.size_written = int(stated), Located(stated, field.raw, field.locator(0))

    def _read_parameters(self, content_type: Value) -> None:
        if "name" in content_type.parameters:
            self.names += _all(content_type, "name")
        if "boundary" in content_type.parameters:
            self.boundaries = tuple([one.encode("utf-8", "replace") for one in _all(content_type, "boundary")])

    def _value(self, field: HeaderField, charset: str) -> Value:
        body = field.body
        value = parse_value(body) if body.isascii() and b"\x0e" not in body else parse_value(body, charset)
        if value.odd or value.repeated:
            self.doubts += ((field, value),)
        return value

    def _second_encoding(self, field: HeaderField) -> None:
        second = parse_encoding(field.body)
        named = (DECODER_OF.get(second.token, "copy/1"), *second.others)
        own = DECODER_OF.get(self.encoding, "copy/1")
        self.encodings += tuple([one for one in named if one != own and one not in self.encodings])


def _is_another(name: str, other: str) -> bool:
    """Whether a further name says more than one without its extension, or without what ASCII lacks."""
    (stem, _, extension), (other_stem, _, other_extension) = name.rpartition("."), other.rpartition(".")
    if extension.lower() == other_extension.lower():
        return name.isascii() and other.isascii() and name.split() != other.split()
    return name != other_stem and other != stem


def _all(value: Value, name: str) -> tuple[str, ...]:
    """Return every value of a parameter, the one that counts first; empty ones are none."""
    first = value.parameters.get(name)
    if first is None:
        return ()
    every = [first, *value.others.get(name, ())] if value.others else [first]
    return tuple(dict.fromkeys([one for one in every if one]))


def file_times(part: MimePart) -> tuple[Timestamp, ...]:
    """Return the times that Content-Disposition gives files: a leaf, or those in a multipart (RFC 2183)."""
    return tuple([time for leaf in part.leaves() for time in _times(leaf)])


def _times(part: MimePart) -> tuple[Timestamp, ...]:
    field = part.first("content-disposition")
    if field is None:
        return ()
    parameters = parse_value(field.body).parameters
    found: list[Timestamp] = []
    for name, kind, description in _TIMES:
        if name not in parameters:
            continue
        raw = parameters[name].encode()
        start = field.raw.find(raw, max(0, field.raw.lower().find(name.encode())))
        written = parse_date(raw)
        found.append(
            Timestamp(
                instant=written.instant,
                wall=written.wall,
                offset_s=written.offset_s,
                precision=written.precision,
                description=description,
                clock=ClockKind.FILE_SYSTEM,
                owner="",
                raw=raw,
                locator=Locator(
                    ranges=((field.start + start, field.start + start + len(raw)),)
                    if start >= 0
                    else ((field.start, field.end),),
                    path=f"part:{part.number or '1'}/Content-Disposition/{name}",
                ),
                kind=kind,
            )
        )
    return tuple(found)


def unread_dates(times: tuple[Timestamp, ...]) -> Iterator[Notice]:
    """Yield a notice for each date of an attached file that cannot be read."""
    for time in times:
        if time.offset_s is Absence.UNPARSABLE:
            text = f"{time.locator.path} cannot be read as a date"
            yield Notice(code="mail.date_unparsable", text=text, locator=time.locator)
