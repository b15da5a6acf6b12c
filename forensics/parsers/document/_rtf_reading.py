r"""Reads Rich Text: its ``\info``, the program that wrote it, its sessions, its tracked changes.

All times are wall times without a zone, to the minute.

Source: Rich Text Format Specification 1.9.1: document information, file table, track changes (DTTM), RSIDs.
"""

import calendar
from collections.abc import Iterator
from typing import NamedTuple

from forensics.knowledge.document_births import births
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import TICKS_PER_SECOND, Absence, Description, Precision
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._gathering import Gathering, readable
from forensics.parsers._written_dates import UNPARSABLE, WrittenDate
from forensics.parsers.document._doc_facts import wall_of
from forensics.parsers.document._rtf_groups import Group, Groups, words
from forensics.parsers.document.rtf import FORMAT

READ_BYTES = 1 << 23
"""Of a document; what it says of itself stands at its beginning, before pictures."""
MOST_RSIDS = 10_000
MOST_CHANGES = 200
_TIMES = {
    b"creatim": (TimeKind.RTF_CREATED, Description.CREATION),
    b"revtim": (TimeKind.RTF_REVISED, Description.MODIFICATION),
    b"printim": (TimeKind.RTF_PRINTED, Description.LAST_PRINTED),
    b"buptim": (TimeKind.RTF_BACKED_UP, Description.RECORDED),
}
_TEXTS = {
    b"title": "title",
    b"subject": "subject",
    b"author": "author",
    b"operator": "operator",
    b"manager": "manager",
    b"company": "company",
    b"category": "category",
    b"keywords": "keywords",
    b"comment": "comment",
    b"doccomm": "comments",
    b"hlinkbase": "link_base",
    b"generator": "generator",
    b"template": "template",
}
"""Groups of words, by the name of the fact."""
_NUMBERS = {
    b"version": "version",
    b"vern": "build",
    b"edmins": "minutes",
    b"nofpages": "pages",
    b"nofwords": "words",
    b"nofchars": "characters",
    b"nofcharsws": "characters_with_spaces",
    b"id": "id",
}
_HEAD = {
    b"ansicpg": "codepage",
    b"deflang": "language",
    b"adeflang": "language_bidi",
    b"deflangfe": "language_east_asian",
    b"cocoartf": "cocoa",
    b"themelang": "theme_language",
    b"rsidroot": "rsid_root",
}
_COLLECTED = frozenset((*_TIMES, *_TEXTS, b"info", b"rsidtbl", b"revtbl", b"fonttbl"))
_USING = (b"insrsid", b"charrsid", b"pararsid", b"sectrsid", b"tblrsid", b"delrsid")
_PARTS = (b"yr", b"mo", b"dy", b"hr", b"min", b"sec")
_CHANGED = {b"revdttm": "inserted", b"revdttmdel": "deleted", b"crdate": "format changed"}


class _Numbers(NamedTuple):
    """What single words of the whole document say."""

    head: dict[bytes, tuple[int, tuple[int, int]]]
    used: dict[int, int]
    changes: list[tuple[bytes, int, tuple[int, int]]]


def read(source: ByteSource) -> Iterator[Yielded]:
    """Yield a document's facts, and notices."""
    data = source.read(0, min(source.size, READ_BYTES))
    gathering = Gathering("rtf")
    groups = Groups(_COLLECTED)
    numbers = _Numbers({}, {}, [])
    for word, number, span in groups.read(data):
        _take(word, number, span, numbers)
    if len(data) < source.size:
        text = f"of {source.size:,} bytes the first {len(data):,} are read"
        gathering.note("partial", text, None, source.size - len(data))
    elif not groups.ended:
        gathering.note("groups", "Rich Text ends within a group")
    if groups.too_deep:
        gathering.note("depth", f"groups in groups beyond {groups.most_deep}: deeper ones are read as part of these")
    if groups.left_out:
        text = f"{groups.left_out} pictures and embedded objects of {groups.left_bytes:,} bytes; not read"
        gathering.note("objects", text, None, groups.left_bytes)
    _groups(data, groups.found, groups.page, gathering)
    _whole(data, numbers, gathering)
    times = {stamp.kind: stamp for stamp in reversed(gathering.timestamps)}
    yield gathering.facts(
        FORMAT.id,
        media_type=FORMAT.media_types[0],
        author=gathering.fact("rtf.author"),
        last_author=gathering.fact("rtf.operator"),
        application=gathering.first("rtf.generator"),
        created=readable(times.get(TimeKind.RTF_CREATED)),
        modified=readable(times.get(TimeKind.RTF_REVISED)),
    )
    yield from gathering.notices


def _take(word: bytes, number: int, span: tuple[int, int], numbers: _Numbers) -> None:
    if word in _HEAD:
        numbers.head.setdefault(word, (number, span))
    elif word in _USING:
        numbers.used[number] = numbers.used.get(number, 0) + 1
    elif word in _CHANGED and len(numbers.changes) < MOST_CHANGES:
        numbers.changes.append((word, number, span))


def _groups(data: bytes, found: list[Group], page: int, gathering: Gathering) -> None:
    for group in found:
        raw, where = data[group.start : group.end], Locator(ranges=((group.start, group.end),), path="")
        path = f"rtf:{group.name.decode('ascii')}"
        if group.name in _TIMES:
            # LibreOffice writes a time that it does not have in zeros.
            if group.numbers and not any(number for _, number, _ in group.numbers):
                continue
            locator = Locator(ranges=where.ranges, path=path)
            gathering.add_time(_time(group), *_TIMES[group.name], locator, raw)
        elif group.name in _TEXTS:
            said = words(raw, page)
            name = f"rtf.{_TEXTS[group.name]}"
            gathering.add_fact(
                name,
                said.rstrip(";") if group.name == b"generator" else said,
                Locator(ranges=where.ranges, path=path),
                raw,
            )
        elif group.name == b"info":
            _info(data, group, gathering)
        elif group.name == b"rsidtbl":
            listed = [number for word, number, _ in group.numbers if word == b"rsid"][:MOST_RSIDS]
            value = " ".join([f"{number & 0xFFFFFFFF:08X}" for number in listed])
            gathering.add_fact("rtf.rsids", value, Locator(ranges=where.ranges, path=path), raw)
        elif group.name == b"fonttbl":
            _fonts(raw, group, path, gathering)


def _info(data: bytes, group: Group, gathering: Gathering) -> None:
    for word, number, (start, end) in group.numbers:
        if word in _NUMBERS:
            locator = Locator(ranges=((start, end),), path=f"rtf:info/{word.decode('ascii')}")
            gathering.add_fact(f"rtf.{_NUMBERS[word]}", str(number), locator, data[start:end])


def _fonts(raw: bytes, group: Group, path: str, gathering: Gathering) -> None:
    """Add the youngest font of a known birth that the list of fonts names."""
    found = [(birth.born, name, raw.find(f" {name};".encode())) for name, birth in births("font").items()]
    youngest = max([one for one in found if one[2] >= 0], default=None)
    if youngest is not None:
        _, name, at = youngest
        start = group.start + at + 1
        locator = Locator(ranges=((start, start + len(name)),), path=f"{path}/font")
        gathering.add_fact("rtf.font", name, locator, name.encode())


def _time(group: Group) -> WrittenDate:
    """Read a time that is written in words: year, month, day, hour, minute."""
    said = {word: number for word, number, _ in group.numbers}
    year, month, day, hour, minute, second = (said.get(word, 0) for word in _PARTS)
    precision = Precision.SECOND if b"sec" in said else Precision.MINUTE
    if not 1 <= year <= 9999 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return UNPARSABLE
    if not 0 <= hour <= 23 or not 0 <= minute <= 59 or not 0 <= second <= 59:
        return UNPARSABLE
    wall = calendar.timegm((year, month, day, hour, minute, second)) * TICKS_PER_SECOND
    absent = Absence.NOT_PRESENT
    return WrittenDate(instant=absent, wall=wall, offset_s=absent, precision=precision)


def _whole(data: bytes, numbers: _Numbers, gathering: Gathering) -> None:
    """Add what single words say: code page, languages, sessions that are used, tracked changes."""
    for word, (number, (start, end)) in numbers.head.items():
        locator = Locator(ranges=((start, end),), path=f"rtf:{word.decode('ascii')}")
        value = f"{number & 0xFFFFFFFF:08X}" if word == b"rsidroot" else str(number)
        gathering.add_fact(f"rtf.{_HEAD[word]}", value, locator, data[start:end])
    if numbers.used:
        ordered = sorted(numbers.used.items(), key=lambda one: (-one[1], one[0]))[:MOST_RSIDS]
        value = " ".join([f"{session & 0xFFFFFFFF:08X}:{count}" for session, count in ordered])
        gathering.add_fact("rtf.rsids_used", value, Locator(path="rtf:rsids_used"), b"")
    for word, number, (start, end) in numbers.changes:
        wall = wall_of(number & 0xFFFFFFFF)
        if wall is Absence.NOT_PRESENT:
            continue
        absent = Absence.NOT_PRESENT
        written = UNPARSABLE
        if isinstance(wall, int):
            written = WrittenDate(instant=absent, wall=wall, offset_s=absent, precision=Precision.MINUTE)
        locator = Locator(ranges=((start, end),), path=f"rtf:{word.decode('ascii')}")
        gathering.add_time(written, TimeKind.TRACKED_CHANGE, Description.RECORDED, locator, data[start:end])
