"""The words of a presentation: what stands on its slides and in their notes, and what earlier saves left behind.

A presentation that is saved fast keeps the former slides in its stream; the directory of its last save tells those that
count. The others are parts of their own, which their paths call earlier.

Source: [MS-PPT] 2.3.3 (UserEditAtom), 2.3.4 (PersistDirectoryAtom), 2.9.42 (TextCharsAtom), 2.9.43 (TextBytesAtom).
"""

from collections.abc import Callable, Iterator

from forensics.model.locations import Locator
from forensics.model.texts import TextPart
from forensics.parsers._compound_stream import Stream
from forensics.parsers.document._ppt_facts import DOCUMENT, USER, user_edits
from forensics.parsers.document._xml_texts import MAX_CHARACTERS

_DOCUMENT, _SLIDE, _NOTES = 0x03E8, 0x03EE, 0x03F0
_NAMES = {_DOCUMENT: "outline", _SLIDE: "slide", _NOTES: "notes"}
_LIST, _MASTERS = 0x0FF0, 1
_CHARS, _BYTES = 0x0FA0, 0x0FA8
_DIRECTORY = 0x1772
_MOST_RECORDS, _MOST_PARTS, _MOST_RANGES = 1_000_000, 10_000, 200
_MOST_ENTRIES = 200_000
"""Of all directories together; with more nobody can say what counts."""
_CONTAINER = 0x0F
_MARKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\0": ""})


def texts(streams: Callable[[str], Stream | None]) -> Iterator[TextPart]:
    """Yield the parts of a presentation that have a text."""
    stream, user = streams(DOCUMENT), streams(USER)
    if stream is None:
        return
    live = _live(stream, (user.number(16, 4) or 0) if user is not None else 0)
    left, met, seen = MAX_CHARACTERS, 0, dict[str, int]()
    for at, kind, end in _records(stream.data, 0, len(stream.data)):
        if kind not in _NAMES or met >= _MOST_PARTS or left <= 0:
            continue
        said = "\n".join(_words(stream.data, at + 8, end)).translate(_MARKS).strip()
        if not said:
            continue
        name = _NAMES[kind] if not live or at in live else f"earlier_{_NAMES[kind]}"
        number = seen.get(name, 0)
        seen[name], met = number + 1, met + 1
        yield TextPart(
            text=said[:left],
            media_type="text/plain",
            charset="utf-16le",
            locator=Locator(ranges=stream.ranges(at, end)[:_MOST_RANGES], path=f"{stream.path}#{name}[{number}]"),
            whole=stream.whole and len(said) <= left,
        )
        left -= len(said)


def _records(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield place, type and end of the records that stand one behind the other."""
    for _ in range(_MOST_RECORDS):
        if at + 8 > end:
            return
        stop = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if stop > end:
            return
        yield at, data[at + 2] | data[at + 3] << 8, stop
        at = stop


def _words(data: bytes, at: int, end: int) -> Iterator[str]:
    """Yield the texts in a container, at any depth: a container's content begins right behind its head."""
    for _ in range(_MOST_RECORDS):
        if at + 8 > end:
            return
        kind, size = data[at + 2] | data[at + 3] << 8, int.from_bytes(data[at + 4 : at + 8], "little")
        start, stop = at + 8, min(at + 8 + size, end)
        is_masters = kind == _LIST and (data[at] >> 4 | data[at + 1] << 4) == _MASTERS
        if kind == _CHARS:
            yield data[start:stop].decode("utf-16-le", "replace")
        elif kind == _BYTES:
            yield data[start:stop].decode("latin-1")
        at = start if data[at] & _CONTAINER == _CONTAINER and not is_masters else stop


def _live(stream: Stream, last: int) -> frozenset[int]:
    """Return where the records stand that the last save counts; empty where its directory cannot be read."""
    found: dict[int, int] = {}
    left = _MOST_ENTRIES
    for edit in user_edits(stream, last):
        at = stream.number(edit + 20, 4) or 0
        size = stream.number(at + 4, 4) or 0
        if stream.number(at + 2, 2) != _DIRECTORY:
            continue
        place, end = at + 8, min(at + 8 + size, len(stream.data))
        while place + 4 <= end:
            head = stream.number(place, 4) or 0
            first, count = head & 0xFFFFF, min(head >> 20, (end - place - 4) // 4, left)
            left -= count + 1
            if left <= 0:
                return frozenset()
            for number in range(count):
                # The last save comes first: what it names is not named again by an earlier one.
                found.setdefault(first + number, stream.number(place + 4 + 4 * number, 4) or 0)
            place += 4 + 4 * count
    return frozenset(found.values())
