"""DKIM and ARC signatures made ready for keys that arrive later: tags, header digest, stated and computed body hash.

What Gmail writes as X-Google-DKIM-Signature has the form of a DKIM signature and is read as one, of a kind of its own.

Nothing is verified here.

Source: RFC 6376 2.11, 3.5, RFC 8617 4.1.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from forensics.model.authentication import Signature
from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, field_path
from forensics.parsers.mail import tag_faults
from forensics.parsers.mail.canonical import HASHES, Canonical, Hashed, joined, own_field
from forensics.parsers.mail.tag_lists import Tag, values
from forensics.replay import base64

KINDS = {
    "dkim-signature": "dkim",
    "x-google-dkim-signature": "google",
    "arc-message-signature": "ams",
    "arc-seal": "as",
}
"""Field name to kind."""
NAMES = {
    "dkim": "DKIM-Signature",
    "google": "X-Google-DKIM-Signature",
    "ams": "ARC-Message-Signature",
    "as": "ARC-Seal",
}
"""Kind to the name in paths."""
MAX_INSTANCE = 50
"""RFC 8617 4.2.1."""
MAX_COMPUTED = 200
"""Signatures of one message whose digests are computed: each may need the whole body."""
_BASE64 = re.compile(rb"[ \t\r\n]*([A-Za-z0-9+/=]{1,60})")
_UNIX = re.compile(rb"\d{1,12}")
_LENGTH = re.compile(rb"\d{1,76}")
_QUOTED = re.compile(rb"=([0-9A-F]{2})")


class _Form(NamedTuple):
    """How a signature says that it was made."""

    algorithm: str
    canonicalization: str
    header: bool | None
    """Relaxed, simple, or unknown (``None``)."""
    body: bool | None
    hash_name: str
    """Empty: unknown."""


def read(field: HeaderField, tags: Sequence[Tag], index: int, canonical: Canonical | None) -> Signature:
    """Read one signature field.

    Args:
        field: a field whose key is in `KINDS`.
        tags: those of its body.
        index: position among the fields of its kind, 0 = topmost.
        canonical: forms of the message it stands in; ``None``: no digests are computed.
    """
    kind, found, body_bytes = KINDS[field.key], values(tags), field.body
    start = field.start + len(field.raw) - len(body_bytes)
    form = _form(kind, found.get(b"a", b""), found.get(b"c", b""))
    names, distinct = _names(found[b"h"]) if b"h" in found else ((), ())
    identity, seals, is_arc = found.get(b"i", b""), kind == "as", kind in ("ams", "as")
    length = int(found[b"l"]) if b"l" in found and _LENGTH.fullmatch(found[b"l"]) else None
    instance = _unix(identity) if is_arc else None
    chain = _token(found.get(b"cv", b"")) if seals else ""
    written, stated = base64.read(found.get(b"b", b"")), base64.read(found.get(b"bh", b""))
    hashed = stated.content.hex()
    block, no_digest = _block(field, tags, form, names, canonical, seal=(instance, chain) if seals else None)
    body = Hashed(reason="not_signed") if seals else _body(form, length, hashed, canonical)
    malformed = form.header is None or form.body is None or _is_torn(written) or _is_torn(stated)
    named, faults = tag_faults.of_list(kind, body_bytes, tags, found, malformed=malformed)
    path = field_path(NAMES[kind], index)
    return Signature(
        kind=kind,
        index=index,
        instance=instance,
        domain=_token(found.get(b"d", b"")),
        selector=_text(found.get(b"s", b"")),
        auid="" if is_arc else _text(identity),
        algorithm=form.algorithm,
        canonicalization=form.canonicalization,
        signed_fields=names,
        fields_present=canonical.counts(distinct) if canonical is not None else (),
        copied=_copied(found[b"z"]) if b"z" in found else (),
        queries=_names(found[b"q"])[0] if b"q" in found else (),
        time=_unix(found.get(b"t")),
        expiration=_unix(found.get(b"x")),
        chain=chain,
        arc_results=canonical.arc_results if is_arc and canonical is not None else (),
        tags=named,
        faults=faults,
        signature=written.content,
        b=_written(start, tags, b"b", f"{path}/b"),
        header_digest=HASHES[form.hash_name](block).hexdigest() if block else "",
        no_digest=no_digest,
        body_length=length,
        body_hash_stated=hashed,
        bh=ABSENT if seals else _written(start, tags, b"bh", f"{path}/bh"),
        body_hash=body.digest,
        no_body_hash=body.reason,
        body_size=body.size,
        surplus=body.surplus,
        raw=field.raw,
        locator=field.locator(index),
    )


def _block(
    field: HeaderField,
    tags: Sequence[Tag],
    form: _Form,
    names: Sequence[str],
    canonical: Canonical | None,
    seal: tuple[int | None, str] | None,
) -> tuple[bytes, str]:
    """Return what ``b=`` signs, or why that cannot be said; *seal*: instance and ``cv=`` of an ARC seal."""
    if canonical is None or not form.hash_name:
        return b"", "over_limit" if canonical is None else "unknown_algorithm"
    if seal is not None:
        instance, chain = seal
        if instance is None or not 1 <= instance <= MAX_INSTANCE:
            return b"", "malformed_instance"
        block = canonical.sealed_block(own_field(field, tags, True), instance, failed=chain == "fail")
        return block, "" if block else "incomplete_set"
    if form.header is None:
        return b"", "unknown_canonicalization"
    return canonical.signed_block(own_field(field, tags, form.header), names, form.header), ""


def _body(form: _Form, length: int | None, stated: str, canonical: Canonical | None) -> Hashed:
    if canonical is None or not form.hash_name:
        return Hashed(reason="over_limit" if canonical is None else "unknown_algorithm")
    if form.body is None:
        return Hashed(reason="unknown_canonicalization")
    hashed = canonical.hashed(form.body, length, form.hash_name)
    if hashed.digest not in ("", stated) and canonical.marked:
        unmarked = canonical.hashed(form.body, length, form.hash_name, unmarked=True)
        return unmarked if unmarked.digest == stated else hashed
    return hashed


def _is_torn(value: base64.Base64) -> bool:
    return bool(value.foreign or value.torn) or value.pieces > 1


@lru_cache(4096)
def _copied(raw: bytes) -> tuple[str, ...]:
    """Return the copied fields of ``z=``, name and value each, in dkim-quoted-printable (RFC 6376 2.11)."""
    pieces = joined(raw, b"").split(b"|")
    return tuple([_QUOTED.sub(_byte, piece).decode("utf-8", "replace") for piece in pieces if piece])


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode("ascii"))


def _written(body_start: int, tags: Sequence[Tag], name: bytes, path: str) -> Located:
    """Return the first line of a value in base64, as it is written; of equal tags the first that has any."""
    for tag, value, at in tags:
        if tag == name and (found := _BASE64.match(value)) is not None:
            text, start = found[1], body_start + at + found.start(1)
            return Located(text.decode("ascii"), text, Locator(ranges=((start, start + len(text)),), path=path))
    return ABSENT


@lru_cache(1024)
def _form(kind: str, algorithm: bytes, canonicalization: bytes) -> _Form:
    """Read ``a=`` and ``c=``; without ``c=`` verifiers take an ARC-Message-Signature as relaxed, other kinds as simple.

    RFC 8617 4.1.2 says nothing of its own; ValiMail's suite and dkimpy agree.
    """
    name, modes = _token(algorithm), _token(canonicalization)
    header, _, body = (modes or ("relaxed/relaxed" if kind == "ams" else "")).partition("/")
    known = {"relaxed": True, "simple": False, "": False}
    hash_name = "sha256" if name.endswith("-sha256") else "sha1" if name.endswith("-sha1") else ""
    return _Form(name, modes, known.get(header), known.get(body), hash_name)


@lru_cache(4096)
def _text(raw: bytes) -> str:
    return joined(raw, b"").decode("utf-8", "replace")


@lru_cache(4096)
def _token(raw: bytes) -> str:
    return _text(raw).lower()


@lru_cache(4096)
def _names(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a list with colons, lower case, and each of them once."""
    names = tuple([name.strip().lower() for name in _text(raw).split(":")])
    return names, tuple(dict.fromkeys(names))


def _unix(raw: bytes | None) -> int | None:
    return int(raw) if raw is not None and _UNIX.fullmatch(raw) else None
