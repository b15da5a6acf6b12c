"""Reads an archive and replays what its parser gave: every child by its steps, every fact at its place."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Fact, Timestamp
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.parsers import Parse, decoders
from forensics.replay.decoders import decode_range
from forensics.replay.walk import walk


def replayed(data: bytes, steps: Iterable[Step], passwords: tuple[bytes, ...] = ()) -> bytes:
    for step in steps:
        source = MemoryBytes(data)
        data = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end, passwords))
        assert hashlib.sha256(data).hexdigest() == step.sha256
    return data


def quoted(data: bytes, locator: Locator, passwords: tuple[bytes, ...] = ()) -> bytes:
    layer = replayed(data, locator.steps, passwords)
    return b"".join([layer[start:end] for start, end in locator.ranges])


def bytes_of(child: ChildItem) -> bytes | None:
    content = child.content
    return content if content is None or isinstance(content, bytes) else content.read(0, content.size)


def placed(facts: ArchiveFacts) -> list[Fact | Timestamp]:
    """Return what of an archive and its members has a place."""
    everything: list[Fact | Timestamp] = [*facts.properties, *facts.timestamps]
    for member in facts.members:
        everything += [*member.times, *member.said]
    return everything


def read(
    parse: Parse, where: Location, data: bytes, **context: object
) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    """Parse, replay every child, and find every fact at its place."""
    found = list(parse(MemoryBytes(data), where, ParseContext(**context)))  # type: ignore[arg-type]
    facts = next(one for one in found if isinstance(one, ArchiveFacts))
    children = [one for one in found if isinstance(one, ChildItem)]
    passwords: tuple[bytes, ...] = context.get("passwords", ())  # type: ignore[assignment]
    for child in children:
        content = bytes_of(child)
        assert (content is None) == (child.step.sha256 == "")
        if content is not None:
            assert replayed(data, (*child.outer, child.step), passwords) == content
    for fact in placed(facts):
        assert quoted(data, fact.locator, passwords) == fact.raw
    return facts, children, [one for one in found if isinstance(one, Notice)]


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


def walked(data: bytes, children: list[ChildItem], path: Path) -> None:
    """Walk to every child and compare."""
    path.write_bytes(data)
    file = Step(kind=StepKind.FILE, name=path.name, start=0, end=len(data), source="s")
    for child in children:
        if child.content is not None:
            with walk(Location((file, *child.outer, child.step)), path, decoders()) as layer:
                assert layer.read(0, layer.size) == child.content
                assert hashlib.sha256(layer.read(0, layer.size)).hexdigest() == child.step.sha256
