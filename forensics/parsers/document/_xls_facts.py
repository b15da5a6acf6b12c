"""What Excel keeps in its own stream: who wrote it, by which build, with which code page and country.

Source: [MS-XLS] 2.4.21 (BOF), 2.4.349 (WriteAccess), 2.4.52 (CodePage), 2.4.63 (Country), 2.4.118 (FileSharing),
2.5.294 (XLUnicodeString).
"""

from collections.abc import Callable, Iterator

from forensics.parsers._compound_stream import Stream
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ole2_fonts import font_facts

WORKBOOKS = ("Workbook", "Book")
FACT_BYTES = 1 << 22
"""Of the workbook's stream that is looked through: these records stand before the shared strings."""
MOST_RECORDS = 100_000
BOF, END, STRINGS = 0x0809, 0x000A, 0x00FC
WRITE_ACCESS, _CODEPAGE, _COUNTRY, _SHARING = 0x005C, 0x0042, 0x008C, 0x005B
_FONT, _FONT_NAME, _FONT_BYTES = 0x0031, 16, 512
"""A font's name stands behind its length and how it is coded, in Excel 97 and later."""
BIFF8 = 0x0600
_WIDE = 1


def records(data: bytes, most: int = MOST_RECORDS) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and end of the content of each record, until the stream ends or one breaks off."""
    at, size, count = 0, len(data), 0
    while at + 4 <= size and count < most:
        kind, length = data[at] | data[at + 1] << 8, data[at + 2] | data[at + 3] << 8
        end = at + 4 + length
        if end > size:
            return
        yield kind, at + 4, end
        at, count = end, count + 1


def read(streams: Callable[[str, int], Stream | None], gathering: Gathering, application: str) -> set[str]:
    """Add facts of a workbook; return the names of the streams that are the workbook itself."""
    found = [stream for name in WORKBOOKS if (stream := streams(name, FACT_BYTES)) is not None]
    for stream in found:
        _facts(stream, gathering)
    return {stream.path.removeprefix("ole:") for stream in found}


def _facts(stream: Stream, gathering: Gathering) -> None:
    data = stream.data
    version = stream.number(4, 2) if stream.number(0, 2) == BOF else None
    if version is None:
        gathering.note("xls_head", f"{stream.path} does not begin as a workbook does", stream.locator("BOF", 0, 4))
        return
    fonts = dict[int, int]()
    for kind, start, end in records(data):
        if kind in (END, STRINGS):
            break
        if kind == _FONT:
            fonts[start + _FONT_NAME] = data[start + _FONT_NAME - 2] if end - start > _FONT_NAME else 0
        raw = data[start:end]
        if kind == BOF and len(raw) >= 8:
            _bof(stream, start, end, gathering)
        elif kind == WRITE_ACCESS:
            _write_access(stream, start, end, version, gathering)
        elif kind == _CODEPAGE and len(raw) >= 2:
            _plain(stream, gathering, "xls.codepage", "CODEPAGE", start, start + 2)
        elif kind == _COUNTRY and len(raw) >= 4:
            _plain(stream, gathering, "xls.country", "COUNTRY/program", start, start + 2)
            _plain(stream, gathering, "xls.country_system", "COUNTRY/system", start + 2, start + 4)

    if fonts:
        font_facts(
            stream,
            min(fonts),
            max(fonts) + _FONT_BYTES,
            lambda at, size: fonts.get(at, 0) in (size, size // 2),
            gathering,
        )


def _plain(stream: Stream, gathering: Gathering, name: str, field: str, start: int, end: int) -> None:
    raw = stream.data[start:end]
    gathering.add_fact(name, str(int.from_bytes(raw, "little")), stream.locator(field, start, end), raw)


def _bof(stream: Stream, start: int, end: int, gathering: Gathering) -> None:
    raw = stream.data[start : start + 8]
    build, year = int.from_bytes(raw[4:6], "little"), int.from_bytes(raw[6:8], "little")
    gathering.add_fact(
        "xls.version", f"0x{raw[1]:02X}{raw[0]:02X}", stream.locator("BOF/vers", start, start + 2), raw[:2]
    )
    gathering.add_fact("xls.build", f"{build}/{year}", stream.locator("BOF/rupBuild", start + 4, start + 8), raw[4:])
    if end - start >= 16:
        flags = stream.data[start + 8 : start + 12]
        highest = int.from_bytes(flags, "little") >> 14 & 15
        gathering.add_fact("xls.highest", str(highest), stream.locator("BOF/verXLHigh", start + 8, start + 12), flags)
        last = stream.data[start + 13 : start + 14]
        locator = stream.locator("BOF/verLastXLSaved", start + 13, start + 14)
        gathering.add_fact("xls.last_saved", str(last[0] & 15), locator, last)


def _write_access(stream: Stream, start: int, end: int, version: int, gathering: Gathering) -> None:
    """Add the user: a text that blanks fill up to the record's fixed size."""
    data = stream.data
    if version == BIFF8:
        length, wide = int.from_bytes(data[start : start + 2], "little"), bool(data[start + 2 : start + 3] == b"\1")
        at, size = start + 3, length * (2 if wide else 1)
    else:
        length, wide = data[start] if end > start else 0, False
        at, size = start + 1, length
    if at + size > end:
        gathering.note(
            "xls_user", f"{stream.path}: the user's name breaks off", stream.locator("WRITEACCESS", start, end)
        )
        return
    filling, unit = (b"\0\0", b" \0") if wide else (b"\0", b" "), 2 if wide else 1
    stop = at + size
    while stop > at and data[stop - unit : stop] in filling:
        stop -= unit
    raw = data[at:stop]
    name = raw.decode("utf-16-le" if wide else "cp1252", "replace")
    gathering.add_fact("xls.user", name, stream.locator("WRITEACCESS", at, stop), raw)
