"""DKIM and ARC signatures made ready for keys that arrive later: tags, header digest, stated and computed body hash.

Nothing is verified here. The body is canonicalised once per distinct (canonicalization, length, hash), a header field
once per form, with every line end as CRLF, since archives keep mails with LF.

Source: RFC 6376 3.4-3.7, RFC 8617 4 and 5.1.1.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from forensics.model.authentication import Signature
from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart, field_path
from forensics.parsers.mail.tag_lists import WHITE, Tag, values
from forensics.replay.base64 import base64

KINDS = {"dkim-signature": "dkim", "arc-message-signature": "ams", "arc-seal": "as"}
"""Field name to kind."""
NAMES = {"dkim": "DKIM-Signature", "ams": "ARC-Message-Signature", "as": "ARC-Seal"}
"""Kind to the name in paths."""
MAX_INSTANCE = 50
"""RFC 8617 4.2.1."""
MAX_COMPUTED = 200
"""Signatures of one message whose digests are computed: each may need the whole body."""
_BASE64 = re.compile(rb"[ \t\r\n]*([A-Za-z0-9+/=]{1,60})")
_MARKED = re.compile(rb"(?m)^>(?=>{0,9}From )")
_WHITE = re.compile(rb"[ \t\r\n]+")
_UNIX = re.compile(rb"\d{1,12}")
_LENGTH = re.compile(rb"\d{1,76}")


class Canonical:
    """Canonical forms of one message, each made once; the body has none where not all of the message was read."""

    def __init__(self, data: bytes, root: MimePart, *, whole: bool = True) -> None:
        self._data = data
        self._whole = whole
        self._body_start = root.body_start
        self._by_key = root.by_key
        self._bodies: dict[tuple[bool, bool], bytes] = {}
        self._hashes: dict[tuple[bool, int | None, str, bool], str] = {}
        self._relaxed: dict[int, bytes] = {}
        self._sets: dict[str, dict[bytes, HeaderField]] = {}

    @cached_property
    def marked(self) -> bool:
        """Whether a line of the body looks as one that a mailbox marked, for it begins with ``From`` (RFC 4155)."""
        return self._data.find(b"\n>From ", self._body_start - 1) >= 0

    def body_hash(self, relaxed: bool, length: int | None, name: str, *, unmarked: bool = False) -> str:
        """Return the digest of the canonical body, hex; empty where *length* exceeds it or it was read in part.

        Args:
            relaxed: form of the body.
            length: signed bytes; ``None``: all.
            name: of the hash.
            unmarked: without one ``>`` before each line that begins with ``From``.
        """
        if not self._whole:
            return ""
        key = (relaxed, length, name, unmarked)
        if key not in self._hashes:
            body = self._body(relaxed, unmarked)
            if length is not None and length > len(body):
                self._hashes[key] = ""
            else:
                signed = body if length is None else body[:length]
                self._hashes[key] = hashlib.new(name, signed).hexdigest()
        return self._hashes[key]

    def _body(self, relaxed: bool, unmarked: bool) -> bytes:
        key = (relaxed, unmarked)
        if key not in self._bodies:
            body = self._data[self._body_start :]
            self._bodies[key] = canonical_body(_MARKED.sub(b"", body) if unmarked else body, relaxed)
        return self._bodies[key]

    def field(self, field: HeaderField, relaxed: bool) -> bytes:
        """Return one canonical field with its CRLF."""
        if not relaxed:
            return _crlf(field.raw)
        if field.start not in self._relaxed:
            self._relaxed[field.start] = _relaxed_field(field.key, field.body)
        return self._relaxed[field.start]

    def signed_block(self, own: bytes, names: Sequence[str], relaxed: bool) -> bytes:
        """Return what ``b=`` of a DKIM or ARC message signature signs (RFC 6376 3.7, 5.4.2); *own*: see `_own`."""
        taken: dict[str, int] = {}
        pieces: list[bytes] = []
        for name in names:
            fields = self._by_key.get(name, ())
            place = taken[name] = taken.get(name, 0) + 1
            if place <= len(fields):  # a name that stands once more is the next one above
                pieces.append(self.field(fields[-place], relaxed))
        pieces.append(own)
        return b"".join(pieces)

    def sealed_block(self, own: bytes, instance: int) -> bytes:
        """Return what an ARC seal signs: the sets up to its own, relaxed; empty where a set is not complete."""
        pieces: list[bytes] = []
        for number in range(1, instance + 1):
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
            found: dict[bytes, HeaderField] = {}
            for field in self._by_key.get(key, ()):
                found.setdefault(_instance(field.body), field)
            self._sets[key] = found
        return self._sets[key].get(b"%d" % number)


def _own(field: HeaderField, tags: Sequence[Tag], relaxed: bool) -> bytes:
    """Return the signature's own field, ``b=`` emptied, without its line end."""
    body = field.body
    emptied = next((tag for tag in tags if tag.name == b"b"), None)
    if emptied is not None:
        body = body[: emptied.start] + body[emptied.start + len(emptied.value) :]
    if relaxed:
        return _relaxed_field(field.key, body).removesuffix(b"\r\n")
    return _crlf(field.raw[: len(field.raw) - len(field.body)] + body).removesuffix(b"\r\n")


def _instance(body: bytes) -> bytes:
    """Return the number of an ARC set, which its first tag says; empty where that is another."""
    name, _, value = body.partition(b";")[0].partition(b"=")
    return value.strip().lstrip(b"0") if name.strip(WHITE) == b"i" else b""


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def _relaxed_field(key: str, body: bytes) -> bytes:
    return key.encode("latin-1") + b":" + _joined(body, b" ") + b"\r\n"


def _joined(raw: bytes, by: bytes) -> bytes:
    """Put *by* in place of each run of white space, and nothing at the ends."""
    if b"\v" in raw or b"\f" in raw:  # white space to Python, not to RFC 6376
        return _WHITE.sub(by, raw.strip(b" \t\r\n"))
    return by.join(raw.split())


def canonical_body(body: bytes, relaxed: bool) -> bytes:
    """Canonicalise a body (RFC 6376 3.4.3, 3.4.4); LF counts as CRLF."""
    text = body.replace(b"\r\n", b"\n") if b"\r" in body else body
    if relaxed:
        text = _one_space(text.replace(b"\t", b" ").rstrip(b" ")).replace(b" \n", b"\n")
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


def read(field: HeaderField, tags: Sequence[Tag], index: int, canonical: Canonical | None) -> Signature:
    """Read one signature field.

    Args:
        field: a field whose key is in `KINDS`.
        tags: those of its body.
        index: position among the fields of its kind, 0 = topmost.
        canonical: forms of the message it stands in; ``None``: no digests are computed.
    """
    kind, found = KINDS[field.key], values(tags)
    algorithm, canonicalization = _token(found.get(b"a", b"")), _token(found.get(b"c", b""))
    header_relaxed, body_relaxed = _modes(canonicalization)
    names = _names(found[b"h"]) if b"h" in found else ()
    length = int(found[b"l"]) if _LENGTH.fullmatch(found.get(b"l", b"")) else None
    instance = _unix(found.get(b"i")) if kind != "dkim" else None
    hash_name = _hash_name(algorithm)
    body_hash_stated = base64(found.get(b"bh", b"")).hex()
    block, body_hash = b"", ""
    if canonical is None or not hash_name:
        pass
    elif kind == "as":
        if instance is not None and 1 <= instance <= MAX_INSTANCE:
            block = canonical.sealed_block(_own(field, tags, True), instance)
    else:
        if header_relaxed is not None:
            block = canonical.signed_block(_own(field, tags, header_relaxed), names, header_relaxed)
        if body_relaxed is not None:
            body_hash = canonical.body_hash(body_relaxed, length, hash_name)
            if body_hash not in ("", body_hash_stated) and canonical.marked:
                unmarked = canonical.body_hash(body_relaxed, length, hash_name, unmarked=True)
                body_hash = unmarked if unmarked == body_hash_stated else body_hash
    path = field_path(NAMES[kind], index)
    return Signature(
        kind=kind,
        index=index,
        instance=instance,
        domain=_token(found.get(b"d", b"")),
        selector=_text(found.get(b"s", b"")),
        algorithm=algorithm,
        canonicalization=canonicalization,
        signed_fields=names,
        time=_unix(found.get(b"t")),
        expiration=_unix(found.get(b"x")),
        body_length=length,
        signature=base64(found.get(b"b", b"")),
        b=_written(field, tags, b"b", f"{path}/b"),
        header_digest=hashlib.new(hash_name, block).hexdigest() if block else "",
        body_hash_stated=body_hash_stated,
        bh=_written(field, tags, b"bh", f"{path}/bh") if kind != "as" else ABSENT,
        body_hash=body_hash,
        raw=field.raw,
        locator=field.locator(index),
    )


def _written(field: HeaderField, tags: Sequence[Tag], name: bytes, path: str) -> Located:
    """Return the first line of a value in base64, as it is written; of equal tags the first that has any."""
    for tag in tags:
        if tag.name == name and (found := _BASE64.match(tag.value)) is not None:
            text, start = found[1], field.end - len(field.body) + tag.start + found.start(1)
            return Located(text.decode("ascii"), text, Locator(ranges=((start, start + len(text)),), path=path))
    return ABSENT


def _modes(canonicalization: str) -> tuple[bool | None, bool | None]:
    """Header and body form: relaxed, simple, or unknown (``None``); simple is the default of each."""
    header, _, body = canonicalization.partition("/")
    known = {"relaxed": True, "simple": False, "": False}
    return known.get(header), known.get(body)


def _hash_name(algorithm: str) -> str:
    if algorithm.endswith("-sha256"):
        return "sha256"
    return "sha1" if algorithm.endswith("-sha1") else ""


@lru_cache(4096)
def _text(raw: bytes) -> str:
    return _joined(raw, b"").decode("utf-8", "replace")


@lru_cache(4096)
def _token(raw: bytes) -> str:
    return _text(raw).lower()


@lru_cache(4096)
def _names(raw: bytes) -> tuple[str, ...]:
    return tuple([name.strip().lower() for name in _text(raw).split(":")])


def _unix(raw: bytes | None) -> int | None:
    return int(raw) if raw is not None and _UNIX.fullmatch(raw) else None
