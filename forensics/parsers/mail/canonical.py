"""Canonical forms of header fields and bodies, as signatures sign them.

The body is canonicalised once per form, a header field once, with every line end as CRLF, since archives keep mails
with LF.

Source: RFC 6376 3.4, 3.7, 5.4.2; RFC 8617 4.1, 5.1.1.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.parsers.mail.surplus import first_unsigned
from forensics.parsers.mail.tag_lists import Tag, read_tags, values

HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
"""Those that signatures are made with, by name."""
_SURPLUS_BYTES = 200
"""Of what lies beyond ``l=``, that are quoted."""
_MARKED = re.compile(rb"(?m)^>(?=>{0,9}From )")
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*(\d{1,3})[ \t\r\n]*;")
_NUMBER = re.compile(rb"\d{1,12}")
_WHITE = re.compile(rb"[ \t\r\n]+")


class Hashed(NamedTuple):
    """What the form of a signature makes of the body."""

    digest: str = ""
    """Hex."""
    reason: str = ""
    """Why there is none: as ``no_body_hash`` of a `Signature`."""
    size: int | None = None
    """Bytes of the canonical body, signed or not."""
    surplus: Located = ABSENT
    """The first bytes beyond the signed length."""


class Canonical:
    """Canonical forms of one message, each made once; the body has none where not all of the message was read."""

    def __init__(self, data: bytes, root: MimePart, *, whole: bool = True, kept: bool = True) -> None:
        self._data = data
        self._no_body = "" if whole and kept else "read_in_part" if kept else "not_kept"
        self._body_start = root.body_start
        self._by_key = root.by_key
        if "" in root.by_key:  # lines that are no fields: an empty name in h= does not mean them
            self._by_key = {key: fields for key, fields in root.by_key.items() if key}
        self._bodies: dict[tuple[bool, bool], bytes] = {}
        self._hashed: dict[tuple[bool, int | None, str, bool], Hashed] = {}
        self._relaxed: dict[int, bytes] = {}
        self._sets: dict[str, dict[int, HeaderField]] = {}

    @cached_property
    def marked(self) -> bool:
        """Whether a line of the body looks as one that a mailbox marked, for it begins with ``From`` (RFC 4155)."""
        return self._data.find(b"\n>From ", self._body_start - 1) >= 0

    def hashed(self, relaxed: bool, length: int | None, name: str, *, unmarked: bool = False) -> Hashed:
        """Return what a form makes of the body.

        Args:
            relaxed: form of the body.
            length: signed bytes; ``None``: all.
            name: of the hash.
            unmarked: without one ``>`` before each line that begins with ``From``.
        """
        key = (relaxed, length, name, unmarked)
        if key not in self._hashed:
            self._hashed[key] = self._hash(relaxed, length, name, unmarked)
        return self._hashed[key]

    def _hash(self, relaxed: bool, length: int | None, name: str, unmarked: bool) -> Hashed:
        if self._no_body:
            return Hashed(reason=self._no_body)
        body = self._body(relaxed, unmarked)
        if length is None:
            return Hashed(HASHES[name](body).hexdigest(), size=len(body))
        if length > len(body):
            return Hashed(reason="length_exceeds_body", size=len(body))
        surplus = self._surplus(body, relaxed, length, unmarked) if length < len(body) else ABSENT
        return Hashed(HASHES[name](body[:length]).hexdigest(), size=len(body), surplus=surplus)

    def _surplus(self, canonical: bytes, relaxed: bool, length: int, unmarked: bool) -> Located:
        body = self._data[self._body_start :]
        at = first_unsigned(body, canonical, length, relaxed)
        if unmarked and _MARKED.match(body, body.rfind(b"\n", 0, at) + 1):
            at += 1
        start = self._body_start + at
        raw = self._data[start : start + _SURPLUS_BYTES]
        return Located(raw.decode("utf-8", "replace"), raw, Locator(ranges=((start, start + len(raw)),), path="body"))

    def counts(self, names: Sequence[str]) -> tuple[int, ...]:
        """Return how many fields of each name the message has."""
        by_key = self._by_key
        return tuple([len(by_key[name]) if name in by_key else 0 for name in names])

    @cached_property
    def arc_results(self) -> tuple[int, ...]:
        """Instance of each ARC-Authentication-Results, topmost first; 0 where it begins with none (RFC 8617 4.1.1)."""
        fields = self._by_key.get("arc-authentication-results", ())
        return tuple([int(found[1]) if (found := _INSTANCE.match(field.body)) else 0 for field in fields])

    def _body(self, relaxed: bool, unmarked: bool) -> bytes:
        key = (relaxed, unmarked)
        if key not in self._bodies:
            body = self._data[self._body_start :]
            self._bodies[key] = canonical_body(_MARKED.sub(b"", body) if unmarked else body, relaxed)
        return self._bodies[key]

    def field(self, field: HeaderField, relaxed: bool) -> bytes:
        """Return one canonical field with its CRLF."""
        if not relaxed:
            return canonical_field(field, relaxed)
        found = self._relaxed.get(field.start)
        if found is None:
            found = self._relaxed[field.start] = canonical_field(field, relaxed)
        return found

    def signed_block(self, own: bytes, names: Sequence[str], relaxed: bool) -> bytes:
        """Return what ``b=`` of a DKIM or ARC message signature signs (RFC 6376 3.7, 5.4.2); *own*: see `own_field`."""
        taken: dict[str, int] = {}
        pieces: list[bytes] = []
        for name in names:
            fields = self._by_key.get(name, ())
            place = taken[name] = taken.get(name, 0) + 1
            if place <= len(fields):  # a name that stands once more is the next one above
                pieces.append(self.field(fields[-place], relaxed))
        pieces.append(own)
        return b"".join(pieces)

    def sealed_block(self, own: bytes, instance: int, *, failed: bool) -> bytes:
        """Return what an ARC seal signs, relaxed; empty where a set is not complete.

        Args:
            own: see `own_field`.
            instance: its own set; those before it are signed too.
            failed: ``cv=fail``, after which a seal signs its own set alone (RFC 8617 5.1.1).
        """
        pieces: list[bytes] = []
        for number in range(instance if failed else 1, instance + 1):
            for key in ("arc-authentication-results", "arc-message-signature", "arc-seal"):
                if number == instance and key == "arc-seal":
                    continue
                field = self._of_instance(key, number)
                if field is None:
                    return b""
                pieces.append(self.field(field, True))
        pieces.append(own)
        return b"".join(pieces)

    def _of_instance(self, key: str, number: int) -> HeaderField | None:
        if key not in self._sets:
            found: dict[int, HeaderField] = {}
            fields = self._by_key.get(key, ())
            for field, instance in zip(fields, self._instances(key, fields), strict=True):
                found.setdefault(instance, field)
            self._sets[key] = found
        return self._sets[key].get(number)

    def _instances(self, key: str, fields: Sequence[HeaderField]) -> Sequence[int]:
        """Return the number of the set of each field, 0 where it states none; in a tag list it may stand anywhere."""
        if key == "arc-authentication-results":
            return self.arc_results
        return [_instance(field.body) for field in fields]


def own_field(field: HeaderField, tags: Sequence[Tag], relaxed: bool) -> bytes:
    """Return the signature's own field, ``b=`` emptied, without its line end."""
    body = field.body
    for name, value, start in tags:
        if name == b"b":
            body = body[:start] + body[start + len(value) :]
            break
    if relaxed:
        return _relaxed_field(field.key, body).removesuffix(b"\r\n")
    return _crlf(field.raw[: len(field.raw) - len(field.body)] + body).removesuffix(b"\r\n")


def _instance(body: bytes) -> int:
    """Return the number of an ARC set that a tag list states; 0 where it states none."""
    first = _INSTANCE.match(body)
    number = first[1] if first is not None else values(read_tags(body)).get(b"i", b"")
    return int(number) if _NUMBER.fullmatch(number) else 0


def canonical_field(field: HeaderField, relaxed: bool) -> bytes:
    """Canonicalise a header field (RFC 6376 3.4.1, 3.4.2), with its CRLF."""
    return _relaxed_field(field.key, field.body) if relaxed else _crlf(field.raw)


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def _relaxed_field(key: str, body: bytes) -> bytes:
    return key.encode("latin-1") + b":" + joined(body, b" ") + b"\r\n"


def joined(raw: bytes, by: bytes) -> bytes:
    """Put *by* in place of each run of white space, and nothing at the ends."""
    if b"\v" in raw or b"\f" in raw:  # white space to Python, not to RFC 6376
        return _WHITE.sub(by, raw.strip(b" \t\r\n"))
    return by.join(raw.split())


def canonical_body(body: bytes, relaxed: bool) -> bytes:
    """Canonicalise a body (RFC 6376 3.4.3, 3.4.4); LF counts as CRLF."""
    text = body.replace(b"\r\n", b"\n") if b"\r" in body else body
    if relaxed:
        text = _one_space(text.replace(b"\t", b" ").rstrip(b" "))
        if b" \n" in text:  # asked first: a third of what replacing nothing costs
            text = text.replace(b" \n", b"\n")
    text = text.rstrip(b"\n")
    if not text and relaxed:
        return b""
    return text.replace(b"\n", b"\r\n") + b"\r\n"


def _one_space(text: bytes) -> bytes:
    """Make each run of spaces one; three times faster than a regex, and linear."""
    pieces = (b"\n" + text).split(b"  ")
    if len(pieces) == 1:
        return text
    return b" ".join([piece.lstrip(b" ") for piece in pieces if piece])[1:]
