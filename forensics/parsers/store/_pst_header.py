"""The header of an Outlook store: its form, its roots, and what it says of who wrote it.

Source: [MS-PST] 2.2.2.6 and 2.2.2.5.
"""

import struct
from typing import NamedTuple

from forensics.errors import WrongFormat
from forensics.model.byte_sources import ByteSource
from forensics.parsers.store._pst_layout import LAYOUTS, MAGIC, Form, Layout, checksum
from forensics.parsers.store._pst_odd import Odd

HEADER_BYTES = 564
_ANSI_BYTES, _UNICODE_BYTES = 512, 528
"""Of it that hold something that is read."""
_NONE = "no header of an Outlook store, or one that was cut off"
CLIENTS = {b"SM": "PST", b"SO": "OST", b"AB": "PAB"}
_COMMON = struct.Struct("<4sI2sHHBBII")
_UNICODE_ROOT = struct.Struct("<QQQQQQQQB")
_ANSI_ROOT = struct.Struct("<IIIIIIIIB")


class Reference(NamedTuple):
    """Id and offset of a page."""

    number: int
    offset: int


class Field(NamedTuple):
    """One field of the header as it stands."""

    name: str
    value: str
    start: int
    end: int


class Header(NamedTuple):
    """What is needed of a header, and its fields for the facts."""

    layout: Layout
    client: bytes
    cipher: int
    end: int
    """Bytes that the store has by itself."""
    free: int
    """Bytes that its maps call free."""
    maps_valid: bool
    nodes: Reference
    blocks: Reference
    fields: tuple[Field, ...]
    whole: bool
    """Whether its checksums hold."""


def form_of(version: int) -> Form | None:
    """Return the form that a version of the header stands for; ``None``: it is not known."""
    if version in (14, 15):
        return Form.ANSI
    if 16 <= version < 36:
        return Form.UNICODE
    return Form.LARGE if 36 <= version < 64 else None


def read_header(source: ByteSource, odd: Odd) -> Header:
    """Read the header; a checksum that does not hold is a notice.

    Raises:
        WrongFormat: it is none, or of a form that is not known.
    """
    data = source.read(0, HEADER_BYTES)
    if len(data) < _ANSI_BYTES or not data.startswith(MAGIC):
        raise WrongFormat(_NONE)
    _, partial, client, version, writer, platform, access, *_ = _COMMON.unpack_from(data)
    form = form_of(version)
    if form is None:
        raise WrongFormat(f"an Outlook store of version {version}, which is not known")
    ansi = form is Form.ANSI
    if not ansi and len(data) < _UNICODE_BYTES:
        raise WrongFormat(_NONE)
    at = 168 if ansi else 184
    root = (_ANSI_ROOT if ansi else _UNICODE_ROOT).unpack_from(data, at)
    end, _, free, _, node_id, node_at, block_id, block_at, valid = root
    cipher_at = 461 if ansi else 513
    whole = _check(data, partial, 0 if ansi else 524, odd)
    unique_at, width = (32, 4) if ansi else (40, 8)
    fields = (
        Field("client", CLIENTS.get(client, client.hex()), 8, 10),
        Field("version", str(version), 10, 12),
        Field("client_version", str(writer), 12, 14),
        Field("platform_created", str(platform), 14, 15),
        Field("platform_opened", str(access), 15, 16),
        Field("writes", str(int.from_bytes(data[unique_at : unique_at + 4], "little")), unique_at, unique_at + 4),
        Field("next_block", _number(data, 24 if ansi else 516, 4 if ansi else 8), *_at(24 if ansi else 516, width)),
        Field("next_page", _number(data, 28 if ansi else 32, 4 if ansi else 8), *_at(28 if ansi else 32, width)),
        Field("encoding", str(data[cipher_at]), cipher_at, cipher_at + 1),
        Field("end", str(end), at, at + width),
        Field("free_stated", str(free), at + 2 * width, at + 3 * width),
        Field("maps_valid", str(valid), at + 8 * width, at + 8 * width + 1),
    )
    return Header(
        layout=LAYOUTS[form],
        client=client,
        cipher=data[cipher_at],
        end=end,
        free=free,
        maps_valid=bool(valid),
        nodes=Reference(node_id, node_at),
        blocks=Reference(block_id, block_at),
        fields=fields,
        whole=whole,
    )


def _number(data: bytes, at: int, width: int) -> str:
    return f"0x{int.from_bytes(data[at : at + width], 'little'):x}"


def _at(start: int, width: int) -> tuple[int, int]:
    return start, start + width


def _check(data: bytes, partial: int, full_at: int, odd: Odd) -> bool:
    """Hold the header against its checksums."""
    found = [("", 8 + 471, partial)]
    if full_at:
        found.append(("/full", 8 + 516, int.from_bytes(data[full_at : full_at + 4], "little")))
    whole = True
    for name, end, stated in found:
        if checksum(data[8:end]) != stated:
            odd.add("pst.header_crc", "a checksum of the header does not hold", f"pst:header{name}", 8, end)
            whole = False
    return whole
