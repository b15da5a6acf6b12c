"""Outlook messages made for tests, from their properties."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from tests.parsers.compound_files import Tree, compound

EPOCH = 116_444_736_000_000_000
_FIXED = {0x0002: "<h", 0x0003: "<i", 0x000B: "<H", 0x0014: "<q", 0x0040: "<Q"}
Values = Mapping[int, Any]

HEADER = (
    "Received: from relay.example.net by mx.example.org with ESMTP id 4711;\r\n"
    "\tMon, 6 Mar 2017 10:00:05 +0000\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1; h=from:subject;\r\n"
    "\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=dGVzdA==\r\n"
    "From: Anna Example <anna@example.net>\r\n"
    "To: ben@example.org\r\n"
    "Subject: Minutes\r\n"
    "Date: Mon, 6 Mar 2017 11:00:00 +0100\r\n"
    "Message-ID: <5d3a0b52.1c69fb81.8ab8b.6a3fSMTPIN_ADDED_BROKEN@mx.example.net>\r\n"
    "Lines: 40\r\n"
    'Content-Type: multipart/alternative; boundary="_000_AM6PR0102MB3384E5E6D6B8_"\r\n'
    "X-Mailer: Example Mailer 1.0\r\n"
    "\r\n"
)


def filetime(ticks: int) -> int:
    """Return 100 ns since 1970 as FILETIME."""
    return ticks + EPOCH


def listed(values: Values, head: bytes) -> dict[str, bytes]:
    """Return the list of properties and their streams."""
    lines, streams = [head], {}
    for tag, value in values.items():
        kind = tag & 0xFFFF
        if kind in _FIXED:
            lines.append(struct.pack("<II", tag, 6) + struct.pack(_FIXED[kind], value).ljust(8, b"\0"))
            continue
        if kind & 0x1000:
            for place, one in enumerate(value):
                streams[f"__substg1.0_{tag:08X}-{place:08X}"] = _bytes(kind & 0xFFF, one)
            streams[f"__substg1.0_{tag:08X}"] = bytes(4 * len(value))
            lines.append(struct.pack("<IIII", tag, 6, 4 * len(value), 0))
            continue
        raw = _bytes(kind, value)
        extra = {0x001F: 2, 0x001E: 1}.get(kind, 0)
        streams[f"__substg1.0_{tag:08X}"] = raw
        lines.append(struct.pack("<IIII", tag, 6, len(raw) + extra, 0))
    streams["__properties_version1.0"] = b"".join(lines)
    return streams


def _bytes(kind: int, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-16-le" if kind == 0x001F else "cp1252")


def message_tree(
    values: Values,
    recipients: Sequence[Values] = (),
    attachments: Sequence[tuple[Values, Tree | None]] = (),
    *,
    inner: bool = False,
    names: Tree | None = None,
) -> dict[str, Any]:
    """Return the storage of a message; of an attachment its values, and the message or object that it is."""
    tree: dict[str, Any] = dict(listed(values, bytes(24 if inner else 32)))
    for place, one in enumerate(recipients):
        tree[f"__recip_version1.0_#{place:08X}"] = listed(one, bytes(8))
    for place, (held, storage) in enumerate(attachments):
        folder: dict[str, Any] = dict(listed(held, bytes(8)))
        if storage is not None:
            folder["__substg1.0_3701000D"] = storage
        tree[f"__attach_version1.0_#{place:08X}"] = folder
    if names is not None:
        tree["__nameid_version1.0"] = names
    return tree


def msg(values: Values, *args: Any, scattered: bool = False, **more: Any) -> bytes:
    """Return an Outlook message."""
    return compound(message_tree(values, *args, **more), scattered=scattered)


def named(*entries: tuple[bytes, int | str]) -> dict[str, bytes]:
    """Return the names of named properties, from 0x8000 on: property set (16 bytes) and number or keyword."""
    sets = list(dict.fromkeys([space for space, _ in entries]))
    rows, texts = [], bytearray()
    for place, (space, name) in enumerate(entries):
        index = 3 + sets.index(space) << 1
        if isinstance(name, int):
            rows.append(struct.pack("<IHH", name, index, place))
        else:
            raw = name.encode("utf-16-le")
            rows.append(struct.pack("<IHH", len(texts), index | 1, place))
            texts += struct.pack("<I", len(raw)) + raw + bytes(-len(raw) % 4)
    return {
        "__substg1.0_00020102": b"".join(sets),
        "__substg1.0_00030102": b"".join(rows),
        "__substg1.0_00040102": bytes(texts),
    }
