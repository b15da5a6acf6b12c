"""Two documents: what each shows its reader, word by word, what each says of itself, and its parts as files.

Which was made from which is told where the editing sessions of one are among those of the other [kb:OOX-8].
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import structs

from forensics.errors import NoText, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.comparing import Cause, Comparison, Derived, Difference
from forensics.model.documents import SAVES, DocumentFacts
from forensics.model.facts import ABSENT, TICKS_PER_SECOND, Fact, Located, Timestamp
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind, quote
from forensics.model.presence.word_sessions import LISTED, sessions
from forensics.model.sheet_cells import SheetCells
from forensics.model.texts import TextPart
from forensics.parsers import Parser
from forensics.relations.comparing.cells import Sheets, addresses, by_cells
from forensics.relations.comparing.packages import compare_files
from forensics.relations.comparing.reading import VALUE_BYTES
from forensics.relations.comparing.words import Changed, Words, changes, runs, words_of

MOST = 50
"""Places where words differ, and properties, that are told apart."""
_OF_FILES = ("ooxml.package_form", "ooxml.first_part", "ooxml.growth_hint", "ooxml.prologue")
"""What is told by the members themselves."""
_COUNTED = frozenset(
    {
        "ooxml.rsids_used",
        "ooxml.rsids_unlisted",
        "ooxml.person_idle",
        "rtf.rsids_used",
        "ooxml.hidden_cell",
        "ooxml.pivot_cell_differs",
        "ooxml.pivot_row_gone",
        "ooxml.pivot_row_new",
        "ooxml.slide_origins",
        "ooxml.shape_origins",
        "ooxml.sheet_origins",
    }
)
"""What follows from texts and lists, and of which there is much."""
_LABEL = "#property[MSIP_Label_"
"""In the place of a property of a sensitivity label."""
_LABELLED = ("docProps/custom.xml", "%5BContent_Types%5D.xml", "[Content_Types].xml", "_rels/.rels")
_NUMBER = re.compile(r"-?(?=[\d.]{15}|[\d.]{1,20}E)\d{1,20}(?:\.\d{1,25})?(?:E[+-]?\d{1,3})?")
"""A number of a cell with more digits than it holds for sure, or with an exponent."""
_LEAST_SESSIONS = 3
_ALL = "text"
"""What the texts of all parts together are called."""
_COUNTED_BYTES = 8
"""Of a time that a system counts, at most; no time that is written is so short, but for a year or a day in digits."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  readings, with or without a zone


class _Side(NamedTuple):
    parts: dict[str, TextPart] | None
    """Its texts by part; ``None`` where they could not be read."""
    facts: DocumentFacts | None
    whole: bool


def compare_documents(one: bytes, other: bytes, parsers: tuple[Parser, Parser], limits: Limits) -> Comparison:
    """Compare two documents.

    Args:
        one: a document.
        other: another.
        parsers: what reads each.
        limits: count limits.

    Returns:
        Texts first, then what each says of itself, then members or bytes.
    """
    files = compare_files(one, other, limits)
    if files.identical:
        return files
    left, right = _read(one, parsers[0], limits), _read(other, parsers[1], limits)
    texts, whole = _texts(left, right, _Cells((one, other), parsers, limits))
    # What counts saves goes first: that two documents agree in it must not rest on a list that was cut.
    properties = sorted(_properties(left.facts, right.facts), key=lambda difference: difference.name not in SAVES)
    derived, reasons = _origin(left.facts, right.facts)
    found = [*texts, *properties[:MOST], *_explained(files.differences, properties if not texts else [])]
    return structs.replace(
        files,
        differences=tuple(sorted(found, key=lambda difference: difference.lawful)),
        derived=derived,
        reasons=reasons,
        whole=whole and left.whole and right.whole and len(properties) <= MOST,
    )


def _explained(files: Sequence[Difference], properties: Sequence[Difference]) -> Iterator[Difference]:
    """Yield members, those lawful that a label explains which a server put in: it is named in two lists of parts."""
    labelled = bool(properties) and all(one.cause is Cause.FILTER for one in properties)
    for member in files:
        known = labelled and member.name in _LABELLED
        yield structs.replace(member, cause=Cause.FILTER) if known and not member.lawful else member


def _read(data: bytes, parser: Parser, limits: Limits) -> _Side:
    source, context, whole = MemoryBytes(data), ParseContext(limits=limits), True
    named: dict[str, TextPart] | None = None
    try:
        if parser.text_parts is not None:
            named = _named_parts(parser.text_parts(source, context))
    except (ParseError, NoText):  # broken, or of a program whose texts are not read
        pass
    where = Location((Step(kind=StepKind.FILE, name="", start=0, end=len(data)),))
    facts = None
    try:
        found = parser.parse(source, where, context)
        facts = next((one for one in found if isinstance(one, DocumentFacts)), None)
    except ParseError:
        whole = False
    return _Side(named, facts, whole and named is not None and all(part.whole for part in named.values()))


class _Cells:
    """The cells of two workbooks, which are looked for where words of theirs differ."""

    def __init__(self, sides: tuple[bytes, bytes], parsers: tuple[Parser, Parser], limits: Limits) -> None:
        self._sides, self._parsers, self._limits = sides, parsers, limits
        self._read: list[Mapping[str, SheetCells]] = []

    def of(self, part: str) -> Sheets:
        """Return the cells of a part in both."""
        if not self._read:
            self._read = [self._cells(*side) for side in zip(self._sides, self._parsers, strict=True)]
        return Sheets(*[found.get(part) for found in self._read])

    def _cells(self, data: bytes, parser: Parser) -> Mapping[str, SheetCells]:
        if parser.sheet_cells is None:
            return {}
        try:
            return parser.sheet_cells(MemoryBytes(data), ParseContext(limits=self._limits))
        except ParseError:
            return {}


def _named_parts(parts: Sequence[TextPart]) -> dict[str, TextPart]:
    named: dict[str, TextPart] = {}
    for place, part in enumerate(parts):
        named.setdefault(part.locator.path or str(place), part)
    return named


def _texts(left: _Side, right: _Side, cells: "_Cells") -> tuple[list[Difference], bool]:
    """Return where the words of each part differ, and whether all that differs is told.

    What was read of one side only, since the other is damaged or longer than a limit, is not told as missing there.
    """
    told: list[Difference] = []
    if left.parts is None or right.parts is None:
        return told, False
    whole = True
    sides = left.parts, right.parts
    if left.parts.keys().isdisjoint(right.parts) and left.parts and right.parts:
        # Formats that have no part in common: all that one shows against all that the other does.
        sides = _joined(left.parts), _joined(right.parts)
    read = [all(part.whole for part in parts.values()) for parts in sides]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        parts = sides[0].get(name), sides[1].get(name)
        one, other = (_counted(words_of(part.text if part else "")) for part in parts)
        found, compared = changes(one, other)
        ended = [part.whole if part else known for part, known in zip(parts, read, strict=True)]
        if found and _ends_early(found[-1], (one, other), ended):
            last = found.pop()
            one, other = _until(one, last.one[0]), _until(other, last.other[0])
        sheets = cells.of(name) if found else Sheets(None, None)
        found = [cell for change in found for cell in by_cells(change, one, other, sheets)]
        shown = runs(one, other, found)
        room = MOST - len(told)
        whole &= compared and len(found) <= room
        for change in found[:room]:
            places = addresses(one, change.one, sheets.one), addresses(other, change.other, sheets.other)
            first, second = _said(one, change.one, name, places[0]), _said(other, change.other, name, places[1])
            kind = "words" if first.value and second.value else "text_removed" if first.value else "text_added"
            named = ", ".join(dict.fromkeys(filter(None, places))) or name.removeprefix("xml:")
            told.append(Difference(kind=kind, name=named, one=first, other=second, runs=shown))
            shown = ()
    return told, whole


def _joined(parts: dict[str, TextPart]) -> dict[str, TextPart]:
    """Return the texts of all parts as one."""
    every = list(parts.values())
    text, whole = "\n".join([part.text for part in every]), all(part.whole for part in every)
    return {_ALL: structs.replace(every[0], text=text, whole=whole)}


def _ends_early(change: Changed, words: tuple[Words, Words], ended: Sequence[bool]) -> bool:
    """Whether a difference goes on behind what could be read of a part."""
    spans = zip(change, words, ended, strict=True)
    return any(not whole and end == len(said.plain) for (_, end), said, whole in spans)


def _until(words: Words, end: int) -> Words:
    return Words(words.shown[:end], words.plain[:end], words.spans[:end])


def _counted(words: Words) -> Words:
    """Return words whose long numbers are compared by the digits that every program writes of them."""
    plain = [f"{float(word):.14g}" if _NUMBER.fullmatch(word) else word for word in words.plain]
    return words._replace(plain=plain)


def _said(words: Words, span: tuple[int, int], part: str, cells: str) -> Located:
    """Return some words of a part, or of cells of it; where they stand in its packed bytes cannot be named."""
    start, end = span
    path = f"{part}#{quote(cells.encode('utf-8', 'surrogatepass'))}" if cells else part
    return ABSENT if start == end else Located(" ".join(words.shown[start:end])[:VALUE_BYTES], b"", Locator(path=path))


def _properties(one: DocumentFacts | None, other: DocumentFacts | None) -> Iterator[Difference]:
    """Yield what the documents say of themselves, by name: values that only one of them has."""
    if one is None or other is None:
        return
    mine, yours = _values(one), _values(other)
    for name in dict.fromkeys([name for name, _, _ in (*mine, *yours)]):
        first = [found for key, found in mine.items() if key[0] == name and key not in yours]
        second = [found for key, found in yours.items() if key[0] == name and key not in mine]
        for place in range(max(len(first), len(second))):
            left = first[place] if place < len(first) else ABSENT
            right = second[place] if place < len(second) else ABSENT
            if name in LISTED:
                left, right = _without(left, _sessions(other)), _without(right, _sessions(one))
                if not left.value and not right.value:
                    continue
            yield Difference(kind="property", name=name, one=_cut(left), other=_cut(right), cause=_cause(left, right))


def _cut(one: Located) -> Located:
    return structs.replace(one, value=one.value[:VALUE_BYTES])


def _cause(one: Located, other: Located) -> Cause | None:
    """Return what explains another property: a server marks documents with a label of its organization."""
    paths = [side.locator.path for side in (one, other) if side.raw or side.value]
    return Cause.FILTER if paths and all(_LABEL in path for path in paths) else None


def _without(one: Located, known: frozenset[str]) -> Located:
    """Return a list of sessions without those that the other document has too."""
    return Located(" ".join([session for session in one.value.split() if session not in known]), one.raw, one.locator)


def _values(facts: DocumentFacts) -> dict[tuple[str, str, int], Located]:
    """Return the properties and times by name, value, and how often it came before."""
    met: Counter[tuple[str, str]] = Counter()
    found = {}
    every: list[Fact | Timestamp] = [*facts.properties, *facts.timestamps]
    for one in every:
        name, value = _named(one)
        if name not in _OF_FILES and name not in _COUNTED:
            found[(name, value, met[(name, value)])] = Located(value, one.raw, one.locator)
            met[(name, value)] += 1
    return found


def _named(one: Fact | Timestamp) -> tuple[str, str]:
    if isinstance(one, Fact):
        return one.name, one.value
    return one.kind.value, _written(one)


def _written(stamp: Timestamp) -> str:
    """Return a time as it is written; what a system counted in bytes as people write it, to its last digit."""
    written = stamp.raw.decode("utf-8", "replace")
    reading = stamp.instant if isinstance(stamp.instant, int) else stamp.wall
    text = written.isprintable() and (len(stamp.raw) > _COUNTED_BYTES or written.isdigit())
    if text or not isinstance(reading, int):
        return written
    seconds, ticks = divmod(reading, TICKS_PER_SECOND)
    try:
        day = f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"
    except OverflowError:
        return str(reading)
    zone = "UTC" if isinstance(stamp.instant, int) else "local"
    return f"{day}{f'.{ticks:07}' if ticks else ''} {zone}"


def _origin(one: DocumentFacts | None, other: DocumentFacts | None) -> tuple[Derived, tuple[str, ...]]:
    """Return which was made from the other: a document has the sessions of that it was made from, and its own."""
    mine, yours = _sessions(one), _sessions(other)
    if len(mine) >= _LEAST_SESSIONS and mine < yours:
        return Derived.OTHER, ("sessions",)
    if len(yours) >= _LEAST_SESSIONS and yours < mine:
        return Derived.ONE, ("sessions",)
    return Derived.NOT_TOLD, ()


def _sessions(facts: DocumentFacts | None) -> frozenset[str]:
    return frozenset(sessions(facts)) if facts is not None else frozenset()
