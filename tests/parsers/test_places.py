"""Real files of every format: what is said of an item stands where its place says, and what is in it comes again.

Every fact, time and header field, at every depth: the bytes at its locator, through the locator's steps, are its raw
ones. Values without raw bytes or without ranges are counted or worked out, and name no bytes.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from forensics.errors import ParseError
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, ChildItem, Limits, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import load
from forensics.parsers.identify import identify
from tests.parsers.places import PASSWORDS, Layers, kept, misplaced

FOLDERS = {
    "corpora/archive": {
        "archive.bzip2",
        "archive.cab",
        "archive.gzip",
        "archive.lz4",
        "archive.rar",
        "archive.sevenzip",
        "archive.tar",
        "archive.xz",
        "archive.zip",
        "archive.zstd",
    },
    "corpora/outlook": {"mail.msg", "mail.tnef", "store.pst", "store.pst_message"},
    "corpora/office": {"document.odf", "document.ole2", "document.ooxml"},
    "corpora/image": {"image.jpeg", "image.tiff"},
    "corpora/pdf": {"document.pdf"},
    "corpora/mailbox": {"mail.mbox", "mail.rfc5322"},
    "suites/tnefparse": {"mail.tnef"},
    "suites/mail-parser-stalwart": {"mail.rfc5322"},
}
"""The formats of which something is said with a place, among others, in the files of each folder."""
MOST_BYTES, MOST_FILES, MOST_STEPS = 2_000_000, 400, 5
"""Of larger files, of the first of each folder, and of items this deep; the rest is left to tests of the formats."""


class Walk:
    """Reads files and all inside them.

    Attributes:
        seen: values held against their places, by parser.
        wrong: those that stand elsewhere, in words.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def file(self, path: Path) -> None:
        """Read a file."""
        data = path.read_bytes()
        step = Step(kind=StepKind.FILE, name=path.name, start=0, end=len(data), source="real")
        parser = identified(MemoryBytes(data), path.name.encode())
        self._item(MemoryBytes(data), parser, Location((step,)), Budget(LIMITS, 0))

    def _item(self, source: ByteSource, parser: str | None, where: Location, budget: Budget) -> None:
        if parser is None:
            return
        context = ParseContext(limits=LIMITS, budget=budget, passwords=PASSWORDS, spool=spool)
        layers = Layers(source)
        try:
            for found in load(parser).parse(source, where, context):
                self._values(layers, parser, where, found)
                if isinstance(found, ChildItem) and found.content is not None and budget.item():
                    self._child(layers, found, where, budget)
        except ParseError:
            pass  # as far as it can be read

    def _values(self, layers: Layers, parser: str, where: Location, value: object) -> None:
        self.seen[parser] += sum(1 for _ in kept(value))
        self.wrong += [f"{where.text} ({parser}) {words}" for words in misplaced(layers, value)]

    def _child(self, layers: Layers, child: ChildItem, where: Location, budget: Budget) -> None:
        assert child.content is not None
        content = MemoryBytes(child.content) if isinstance(child.content, bytes) else child.content
        steps = (*child.outer, child.step)
        again = layers.at(steps)
        assert again.read(0, again.size) == content.read(0, content.size), child.step
        inner = Location((*where.steps, *steps))
        if len(inner.steps) <= MOST_STEPS and content.size <= MOST_BYTES:
            parser = child.format or identified(content, child.name, child.declared_type)
            self._item(content, parser, inner, budget)


LIMITS = Limits(expansion=30_000_000, items=300)


def spool(blocks: Iterable[bytes]) -> ByteSource:
    return MemoryBytes(b"".join(blocks))


def identified(content: ByteSource, name: bytes, declared: str = "") -> str | None:
    return identify(content.read(0, 4096), content, name, declared) if content.size else None


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_said_stands_at_its_place(folder: str, shared: Path) -> None:
    files = [path for path in sorted((shared / folder).rglob("*")) if path.is_file()]
    files = [path for path in files if 0 < path.stat().st_size <= MOST_BYTES][:MOST_FILES]
    if not files:
        pytest.skip(f"no {folder} at hand")
    walk = Walk()
    for path in files:
        walk.file(path)
    assert not walk.wrong, "\n".join(walk.wrong[:20])
    assert set(walk.seen) >= FOLDERS[folder], FOLDERS[folder] - set(walk.seen)
