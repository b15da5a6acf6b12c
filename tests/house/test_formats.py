"""A format is known to its own file alone: who reads, judges and replays items names none, and any can be cut."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import forensics
from forensics import parsers
from forensics.engine.reading import units
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import Unit, plan
from forensics.knowledge.unread import unread
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.decoding import Decoder
from forensics.model.items import ChildItem, Format, Limits, Notice, ParseContext, Range
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Yielded, identify
from forensics.replay.walk import walk

PACKAGE = Path(forensics.__file__).parent
FREE = ("engine", "reader", "replay", "stages")
"""Rooms that know no format."""


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from [f"{node.module}.{name.name}" for name in node.names]


def literals(tree: ast.Module) -> Iterator[str]:
    """Every string but those that stand alone: docstrings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


_ROOMS = "|".join({name.partition(".")[0] for name in parsers.PARSERS})
_IDS = "|".join([re.escape(name) for one in parsers.every() for name in {one.name, one.FORMAT.id}])
FAMILIES = re.compile(rf"forensics\.parsers\.(?:{_ROOMS})\b")
IDS = re.compile(rf"(?<![\w./])(?:{_IDS})(?![\w+-])")


def test_who_reads_and_replays_names_no_format() -> None:
    assert FAMILIES.match("forensics.parsers.mail.mbox.cut") and IDS.search("SELECT 'mail.rfc5322'")
    for path, tree in trees(*FREE):
        assert not [name for name in imported(tree) if FAMILIES.match(name)], path
        assert not [text for text in literals(tree) if IDS.search(text)], path


def test_replay_asks_no_parser() -> None:
    for path, tree in trees("replay"):
        assert not [name for name in imported(tree) if name.startswith("forensics.parsers")], path


def now_read(formats: Iterable[Format]) -> list[str]:
    """Return what is said of formats that nobody reads and is true of one of these."""
    said = {kind for kind in (unread().plain | unread().remedies) if not kind.endswith("*")}
    starts = identify._CONTAINERS
    found = []
    for one in formats:
        found += sorted(said.intersection(one.media_types))
        begins = [begin for begin in (*one.begins, one.holds) if len(begin) > 1]
        found += [
            repr(start) for start in starts for begin in begins if begin.startswith(start) or start.startswith(begin)
        ]
    return found


def test_a_format_that_is_read_is_not_among_those_that_are_not() -> None:
    assert now_read([parser.FORMAT for parser in parsers.every()]) == []
    compress = Format(
        id="z", title="", media_types=("application/x-compress",), extensions=(), begins=(b"\x1f\x9d\x90",)
    )
    assert now_read([compress]) == ["application/x-compress", repr(b"\x1f\x9d")]
    disk = Format(id="disk", title="", media_types=("application/x-disk",), extensions=(), holds=b"QFI\xfb\0")
    assert now_read([disk]) == [repr(b"QFI\xfb")]


def test_no_parser_takes_what_begins_like_a_container_that_none_reads() -> None:
    for start in identify._CONTAINERS:
        head = start.ljust(4096, b"\0")
        assert not [
            one.name for one in parsers.every() if one.FORMAT.may_open(head) and one.sniff(head, MemoryBytes(head))
        ]


DECODER = re.compile(r"[a-z][a-z0-9-]*/[1-9]\d?")


def test_the_parsers_of_messages_are_those_that_give_texts() -> None:
    assert [one.name for one in parsers.every() if one.bodies is not None] == list(parsers.MESSAGES)


def test_every_decoder_that_a_parser_names_is_in_the_table() -> None:
    named = {text for _, tree in trees("parsers") for text in literals(tree) if DECODER.fullmatch(text)}
    assert {"copy/1", "base64/2", "deflate/1", "mboxrd/1"} <= named
    assert named <= set(parsers.decoders())


def test_decoders_of_formats_have_names_of_their_own() -> None:
    own = [one.name for parser in parsers.every() for one in parser.FORMAT.decoders]
    assert len(set(own)) == len(own) and not set(own) & set(parsers.DECODERS)
    assert all(one.name == name for name, one in parsers.decoders().items())


def test_a_format_file_loads_no_library() -> None:
    code = "import sys; from forensics.parsers import every; assert len(every()) > 5; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"lxml", "pikepdf", "exifread", "olefile", "magic"} & set(loaded)
    assert not [name for name in loaded if name.startswith("forensics.parsers.") and name.endswith("_reading")]


MAIL = b"From: a%d@one.example|To: b@two.example|Date: Tue, 5 Jul 2016 11:33:22 +0200|Subject: s|X-N: %s||text"


def toy() -> ModuleType:
    """A format: a line of its own, then a mail a line in small letters, its line ends written as bars."""
    made = ModuleType("forensics.parsers.toy")

    def lines(source: ByteSource, start: int, end: int) -> Iterator[tuple[int, int]]:
        data = source.read(0, source.size)
        start = data.find(b"\n") + 1 if start == 0 else start
        while start < end:
            stop = data.find(b"\n", start) + 1 or len(data)
            yield start, stop
            start = stop

    def parse_range(source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
        for index, (at, stop) in enumerate(lines(source, part.start, part.end), part.ordinal):
            content = made.BARS.whole(source.read(at, stop))
            digest = units.hashlib.sha256(content).hexdigest()
            step = Step(
                kind=StepKind.STREAM, name=str(index), index=index, start=at, end=stop, decoder="bars/1", sha256=digest
            )
            yield ChildItem(step=step, content=content, format="mail.rfc5322")

    def parse_rest(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
        yield Notice(code="toy.end", text="the end", unread=1)

    def cut(source: ByteSource, limits: Limits) -> list[Range]:
        starts = [start for start, _ in lines(source, 0, source.size)]
        middle = len(starts) // 2
        return [
            Range(start=0, end=starts[middle], ordinal=0),
            Range(start=starts[middle], end=source.size, ordinal=middle),
        ]

    def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
        yield from parse_range(source, Range(start=0, end=source.size, ordinal=0), where, context)
        yield from parse_rest(source, where, context)

    made.BARS = Decoder(name="bars/1", whole=lambda data: data.strip().replace(b"|", b"\r\n"))  # type: ignore[attr-defined]
    made.FORMAT = Format(  # type: ignore[attr-defined]
        id="toy",
        title="Toy",
        media_types=("x/toy",),
        extensions=(".toy",),
        begins=(b"TOY\n",),
        decoders=(made.BARS,),  # type: ignore[attr-defined]
    )
    made.sniff = lambda head, source: head.startswith(b"TOY\n")  # type: ignore[attr-defined]
    made.parse, made.cut = parse, cut  # type: ignore[attr-defined]
    made.parse_range, made.parse_rest = parse_range, parse_rest  # type: ignore[attr-defined]
    return made


CACHED = (
    parsers.load,
    parsers.every,
    parsers.recorded,
    parsers.times_in_name,
    parsers.damaged,
    parsers.over_budget,
    parsers.decoders,
    identify._names,
    identify._beginning,
)


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setitem(sys.modules, "forensics.parsers.toy", toy())
    monkeypatch.setattr(parsers, "PARSERS", ("toy", *parsers.PARSERS))
    for one in CACHED:
        one.cache_clear()
    path = tmp_path / "box.toy"
    path.write_bytes(b"TOY\n" + b"".join(MAIL % (number, b"x" * number) + b"\n" for number in range(40)))
    yield path
    for one in CACHED:
        one.cache_clear()


class Showing:
    def __call__(self, location_text: str, new: int = 1, /) -> None: ...

    def done(self, size: int) -> None: ...


def rows(folder: Path, planned: list[Unit]) -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    for unit in planned:
        folder.mkdir(exist_ok=True)
        setup = Setup(tmp=str(folder), limits=Limits(), as_of=2**60)
        UnitReader(setup, Job(unit=unit, last=1), Showing(), Spool(folder, lambda: None)).read()
        for file in (folder / unit.id).iterdir():
            lines = file.read_bytes().splitlines()
            assert not found.setdefault(file.stem, set()) & set(lines)
            found[file.stem] |= set(lines)
    return found


def test_a_format_that_can_be_cut_gives_the_rows_of_the_whole(
    toys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(plan("s", toys, Limits(), (), "", "0"))
    assert len(whole) == 1 and whole[0].slice is None
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    pieces = list(plan("s", toys, Limits(), (), "", "0"))
    assert [piece.slice.parser for piece in pieces if piece.slice] == ["toy", "toy", "toy"]
    found = rows(tmp_path / "whole", whole)
    assert len(found["messages"]) == 40 and len(found["occurrences"]) == 41 and found["notices"]
    assert rows(tmp_path / "pieces", pieces) == found


def test_what_only_a_format_can_decode_is_replayed_by_its_decoder(toys: Path) -> None:
    data = toys.read_bytes()
    file = Step(kind=StepKind.FILE, name="box.toy", start=0, end=len(data), source="s")
    line = Step(kind=StepKind.STREAM, name="0", start=4, end=data.find(b"\n", 4) + 1, decoder="bars/1")
    with walk(Location((file, line)), toys, parsers.decoders()) as mail:
        assert mail.read(0, mail.size).startswith(b"From: a0@one.example\r\nTo: b@two.example\r\n")
