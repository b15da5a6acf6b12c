"""Copies of a mail that are other mails: ids, boundaries, signatures and times are new, and all else stays.

Copy *n* of an archive is *n* weeks younger. Within a copy the same old id gives the same new one, so threads hold;
times that ids are made of move along; body hashes that held still hold.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from samples.planting.bodyhash import body_hash, tags
from samples.planting.mail import Mail
from samples.planting.stamps import moved
from tests.bench.new_ids import Ids

WEEK_S = 7 * 86_400

_ID = re.compile(r"(?<=<)[^<>\s]+(?=>)")
_QUEUE_ID = re.compile(r"(\bid\s+<?)([\w.+-]+)(?=[\s;>])")
_SIGNED_TIME = re.compile(r"([;\s][tx]=\s*)(\d{9,10})(?=\s*(?:;|\Z))")
_SIGNATURE = re.compile(r"([;\s]b=\s*)([A-Za-z0-9+/=\s]{8,}?)(?=\s*(?:;|\Z))")
_BODY_HASH = re.compile(r"([;\s]bh=\s*)([A-Za-z0-9+/=\s]{8,}?)(?=\s*(?:;|\Z))")
_NETWORK_ID = re.compile(r"([0-9a-fA-F]{8})((?:-[0-9a-fA-F]{4}){3}-)([0-9a-fA-F]{12})")
_FILETIME = re.compile(r"(?<=FILETIME=\[)([0-9A-F]{8}):([0-9A-F]{8})(?=\])")
_BOUNDARY = re.compile(rb"(?i)\bboundary\s*=\s*(?:\"([^\"\r\n]{8,70})\"|([^\s;\"]{8,70}))")
_OWN = re.compile(rb"(?im)^Message-ID:\s*<([^<>\s@]{16,})(@[^<>\s]+)>")
_CONTENT_ID = re.compile(rb"(?im)^Content-ID:\s*<([^<>\s]{8,200})>")

_PADDED = re.compile(r"(?<=[a-z],) (?= \d\d [A-Z])")
"""A blank that stood for the first digit of the day."""

_SIGNATURES = ("dkim-signature", "arc-message-signature", "arc-seal", "x-google-dkim-signature")
_SAID = ("subject", "thread-topic", "from", "to", "cc", "references", "message-id")
"""Fields whose dates, if there are any, are none of the mail's own."""


class Renewer:
    """Makes the mails of one copy."""

    def __init__(self, copy: int) -> None:
        """Take the number of the copy; it is that many weeks younger."""
        self._seconds = copy * WEEK_S
        self._ids = Ids(copy, self._seconds)
        ids, signed, network = self._message_ids, self._signed, self._network_id
        self._fields: dict[str, Callable[[str], str]] = {
            **dict.fromkeys(("message-id", "in-reply-to", "references", "resent-message-id"), ids),
            **dict.fromkeys(("received", "x-received"), self._received),
            **dict.fromkeys(_SIGNATURES, signed),
            "thread-index": self._thread_index,
            "x-ms-exchange-organization-network-message-id": network,
            "x-ms-exchange-crosstenant-network-message-id": network,
            "x-ms-office365-filtering-correlation-id": network,
            "x-originalarrivaltime": self._original_arrival,
            "x-ms-exchange-crosstenant-originalarrivaltime": self._original_arrival,
        }

    def mail(self, data: bytes) -> bytes:
        """Return the mail of this copy that stands for an old one."""
        mail = Mail.parse(data)
        old_body, tokens = mail.body, dict(self._tokens_in(data))
        mail.body = _replaced(mail.body, tokens)
        fields: list[str] = []
        begun: dict[bytes, bytes] = {}
        for field in mail.fields:
            raw = field.raw.decode("latin-1")
            new = self._field(field.name.lower(), raw)
            if field.name.lower() in _SIGNATURES:
                begun.update(_beginnings(raw, new))
                new = _rehashed(new, field.value, old_body, mail.body)
            fields.append(new)
        header = _replaced("".join(fields).encode("latin-1"), tokens)
        for old, beginning in begun.items():
            header = header.replace(b"header.b=" + old, b"header.b=" + beginning)
            header = header.replace(b'header.b="' + old, b'header.b="' + beginning)
        return header + mail.gap + mail.body

    def _field(self, key: str, raw: str) -> str:
        name, colon, body = raw.partition(":")
        if key and key not in _SAID:
            body = _PADDED.sub("", moved(body, timedelta(seconds=self._seconds)))
        return name + colon + self._fields.get(key, str)(body)

    def _message_ids(self, body: str) -> str:
        return _ID.sub(lambda found: self._ids.id(found[0]), body)

    def _received(self, body: str) -> str:
        return _QUEUE_ID.sub(lambda found: found[1] + self._ids.queue_id(found[2]), body)

    def _signed(self, body: str) -> str:
        body = _SIGNED_TIME.sub(lambda found: f"{found[1]}{int(found[2]) + self._seconds}", body)
        return _SIGNATURE.sub(lambda found: found[1] + _spelled(found[2], self._ids.base64(_solid(found[2]))), body)

    def _network_id(self, body: str) -> str:
        """Its last 48 bits are the upper ones of .NET ticks."""

        def one(found: re.Match[str]) -> str:
            time = int(found[3], 16) + (self._seconds * 10_000_000 >> 16)
            return self._ids.octets(bytes.fromhex(found[1])).hex() + found[2] + f"{time:012x}"

        return _NETWORK_ID.sub(one, body)

    def _original_arrival(self, body: str) -> str:
        def one(found: re.Match[str]) -> str:
            time = f"{int(found[2] + found[1], 16) + self._seconds * 10_000_000:016X}"
            return f"{time[8:]}:{time[:8]}"

        return _FILETIME.sub(one, body)

    def _thread_index(self, body: str) -> str:
        """Six bytes of the time it began, or five after a reserved one, then the thread's GUID and its replies."""
        try:
            data = base64.b64decode(_solid(body), validate=True)
        except binascii.Error:
            return body
        if len(data) < 22:
            return body
        start = int(data[:6].hex(), 16) + (self._seconds * 10_000_000 >> 16)
        head = start.to_bytes(6, "big")
        if data[1] == 1:
            head = data[:1] + (int(data[1:6].hex(), 16) + (self._seconds * 10_000_000 >> 24)).to_bytes(5, "big")
        new = head + self._ids.octets(data[6:22]) + data[22:]
        return _spelled(body, base64.b64encode(new).decode())

    def _tokens_in(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield boundaries with two hyphens before them, Content-IDs with what precedes them, and the new ones."""
        own = _OWN.search(data)
        for found in _BOUNDARY.finditer(data):
            old = found[1] or found[2]
            new = self._new(old)
            if own and own[1] in old:  # Exchange writes the Message-ID into the boundary
                new = old.replace(own[1], self._new(own[1] + own[2])[: len(own[1])])
            yield b"--" + old, b"--" + new
            yield found[0], found[0].replace(old, new)
        for found in _CONTENT_ID.finditer(data):
            old, new = found[1], self._new(found[1])
            yield b"<" + old + b">", b"<" + new + b">"
            yield b"cid:" + old, b"cid:" + new

    def _new(self, old: bytes) -> bytes:
        return self._ids.id(old.decode("latin-1")).encode("latin-1")


def _replaced(data: bytes, tokens: Mapping[bytes, bytes]) -> bytes:
    if not tokens:
        return data
    either = re.compile(b"|".join([re.escape(token) for token in sorted(tokens, key=len, reverse=True)]))
    return either.sub(lambda found: tokens[found[0]], data)


def _solid(text: str) -> str:
    return "".join(text.split())


def _spelled(old: str, new: str) -> str:
    """Write new letters between the blanks of the old."""
    letters = iter(new)
    return "".join([letter if letter.isspace() else next(letters) for letter in old])


def _beginnings(old: str, new: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the eight letters by which results name a signature."""
    for before, after in zip(_SIGNATURE.finditer(old), _SIGNATURE.finditer(new), strict=True):
        yield _solid(before[2])[:8].encode(), _solid(after[2])[:8].encode()


def _rehashed(raw: str, value: str, old_body: bytes, body: bytes) -> str:
    """Write the hash of a body that was changed where the old one held."""
    found = tags(value)
    if old_body == body or not found.get("bh"):
        return raw
    form = found.get("c", "simple/simple").partition("/")[2] or "simple"
    length = int(found["l"]) if found.get("l", "").isdigit() else None
    method = "sha1" if found.get("a", "").endswith("sha1") else "sha256"
    if body_hash(old_body, form, length, method) != found["bh"]:
        return raw
    new = body_hash(body, form, length, method)
    return _BODY_HASH.sub(lambda hashed: hashed[1] + _spelled(hashed[2], new), raw)
