"""One Outlook message: its objects, handed to what makes messages of properties, and what else the file holds.

Source: [MS-OXMSG] 2.1 to 2.3.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.items import Notice, Padding, ParseContext
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import HeaderField
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._compound import open_storage
from forensics.parsers._compound_rest import fault_notices, rest
from forensics.parsers._compound_tree import STORAGE, STREAM, Storage
from forensics.parsers.mail._msg_properties import LIST, Reader
from forensics.parsers.mail._msg_storage import NAMES, framed
from forensics.parsers.mail.mapi.message import read_stored, stored_bodies, stored_headers
from forensics.parsers.mail.mapi.properties import Properties, StoredAttachment, StoredMessage
from forensics.parsers.mail.mapi.values import codepage_of, instant, number
from forensics.parsers.mail.msg import FORMAT
from forensics.parsers.mail.placed_bodies import PlacedBodies

HELD_BYTES = 1 << 22
"""A smaller file is read at once."""
VALUE_BYTES = 1 << 20
"""A larger value is read from the file when it is asked for."""
_HEAD, _INNER_HEAD, _PART_HEAD = 32, 24, 8
"""Bytes before the first property: of the outermost message, of one inside another, of recipients and attachments."""
_PART = re.compile(r"__(recip|attach)_version1\.0_#([0-9A-Fa-f]{8})")
_VALUE = re.compile(r"__substg1\.0_[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{8})?")
_DATA, _OBJECT = "__substg1.0_37010102", "__substg1.0_3701000D"
_METHOD, _EMBEDDED = 0x3705, 5
MOST_PARTS = 100_000
_TIMES = (
    ("created", TimeKind.OLE_CREATED, Description.CREATION),
    ("modified", TimeKind.OLE_MODIFIED, Description.MODIFICATION),
)


class _Opened(NamedTuple):
    source: ByteSource
    storage: Storage
    stored: StoredMessage


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the message, its attachments, and what is left over."""
    opened = _open(source, context)
    yield from read_stored(opened.stored, context)
    yield from _left_over(opened)


def fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that the message was delivered with."""
    return stored_headers(_open(source, context).stored, context)


def bodies(source: ByteSource, context: ParseContext) -> PlacedBodies:
    """Return the texts of the message with their places."""
    return stored_bodies(_open(source, context).stored, context)


def _open(source: ByteSource, context: ParseContext) -> _Opened:
    size = source.size
    if size <= HELD_BYTES and not isinstance(source, MemoryBytes):
        source = MemoryBytes(source.read(0, size))
    storage = open_storage(source)
    reader = Reader(source, storage, min(VALUE_BYTES, context.limits.memory_bytes))
    properties = reader.properties("", _INNER_HEAD if storage.framed else _HEAD)
    codepage = codepage_of(properties)
    parts = sorted([found for name in storage.below("") if (found := _PART.fullmatch(name))], key=_place)[:MOST_PARTS]
    recipients = [
        reader.properties(found[0], _PART_HEAD, f"recipient[{place}]/", codepage)
        for place, found in enumerate([one for one in parts if one[1] == "recip"])
    ]
    attachments = [
        _attachment(reader, source, storage, found[0], f"attachment[{place}]/", codepage, context)
        for place, found in enumerate([one for one in parts if one[1] == "attach"])
    ]
    stored = StoredMessage(
        size=size,
        properties=properties,
        recipients=tuple(recipients),
        attachments=tuple(attachments),
        notices=(*fault_notices(storage, size), *reader.notices),
        timestamps=tuple(_storage_times(storage)),
    )
    return _Opened(source, storage, stored)


def _place(found: re.Match[str]) -> tuple[str, int]:
    return found[1], int(found[2], 16)


def _attachment(
    reader: Reader,
    source: ByteSource,
    storage: Storage,
    folder: str,
    owner: str,
    codepage: int,
    context: ParseContext,
) -> StoredAttachment:
    properties = reader.properties(folder, _PART_HEAD, owner, codepage)
    data, inner = storage.nodes.get(f"{folder}/{_DATA}"), storage.nodes.get(f"{folder}/{_OBJECT}")
    if inner is not None and inner.kind == STORAGE:
        return _inner(source, storage, inner.path, properties, context)
    if data is not None and data.kind == STREAM:
        notices: tuple[Notice, ...] = ()
        if data.held < data.size:
            text = f"{data.size - data.held:,} of its {data.size:,} bytes are missing"
            notices = (Notice(code="msg.truncated", text=text, locator=Locator(path=f"ole:{data.path}")),)
        return StoredAttachment(
            properties=properties, step=reader.step(data), content=reader.data(data), notices=notices
        )
    at = storage.nodes[folder].times_at
    step = Step(kind=StepKind.STREAM, name=folder, start=at, end=at)
    missing: tuple[Notice, ...] = ()
    if number(properties, _METHOD) in (None, 1, _EMBEDDED, 6):
        missing = (Notice(code="msg.no_content", text="an attachment of which no content is in the file"),)
    return StoredAttachment(properties=properties, step=step, content=None, notices=missing)


def _inner(
    source: ByteSource, storage: Storage, path: str, properties: Properties, context: ParseContext
) -> StoredAttachment:
    """Return a message or an object that is a storage in the file: its frame, outside memory where it is large."""
    step = Step(kind=StepKind.STREAM, name=path, start=0, end=source.size, decoder=f"ole-storage/1:{path}")
    held = sum([node.held for name, node in storage.nodes.items() if name.startswith(path + "/")])
    content: bytes | ByteSource | None = None
    notices: tuple[Notice, ...] = ()
    if held <= context.limits.memory_bytes:
        content = b"".join(framed(source, storage, path))
    elif context.spool is not None:
        content = context.spool(framed(source, storage, path))
    else:
        text = f"larger than memory_bytes={context.limits.memory_bytes}"
        notices = (Notice(code="msg.memory_limit", text=text, locator=Locator(path=f"ole:{path}"), unread=held),)
    is_message = f"{path}/{LIST}" in storage.nodes
    return StoredAttachment(
        properties=properties, step=step, content=content, format=FORMAT.id if is_message else "", notices=notices
    )


def _storage_times(storage: Storage) -> Iterator[Timestamp]:
    """Yield when the storages were made and changed: where a program writes them, when it saved the file."""
    for node in storage.nodes.values():
        if node.kind != STORAGE or node.path.startswith(NAMES):
            continue
        if node.path.count("/") > 1:
            continue
        for place, (name, kind, description) in enumerate(_TIMES):
            raw = node.modified if place else node.created
            if not any(raw):
                continue
            start, at = node.times_at + 8 * place, instant(raw)
            yield Timestamp(
                instant=at,
                wall=at,
                offset_s=Absence.NOT_APPLICABLE,
                precision=Precision.TICK,
                description=description,
                clock=ClockKind.PACKER,
                owner="",
                raw=raw,
                locator=Locator(ranges=((start, start + 8),), path=f"ole:{node.path or '/'}/{name}"),
                kind=kind,
            )


def _left_over(opened: _Opened) -> Iterator[Notice | Padding]:
    """Account for the streams that are no part of a message, and for the bytes of which nothing is."""
    source, storage, _ = opened
    for node in storage.nodes.values():
        if node.kind == STREAM and not _is_known(node.path):
            text = f"{node.path}: a stream that messages do not have; not read"
            place = Locator(ranges=node.ranges, path=f"ole:{node.path}")
            yield Notice(code="msg.other_stream", text=text, locator=place, unread=node.held)
    yield from rest(source, storage)


def _is_known(path: str) -> bool:
    """Whether a stream is a list of properties, the value of one, or a name; of an attached storage whatever it has."""
    folder, _, name = path.rpartition("/")
    if name == LIST or _VALUE.fullmatch(name):
        return True
    return _OBJECT in folder or folder.startswith(NAMES)
