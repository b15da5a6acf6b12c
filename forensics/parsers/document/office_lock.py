"""Lock files of LibreOffice and OpenOffice (``.~lock.report.odt#``): who has a document open, where and since when.

One line: the user's name in the program, the account, the computer, local time to the minute, the folder of the
program's settings; commas part them, a semicolon ends them, a backslash stands before what would do either.

Source: ``svl/source/misc/lockfilecommon.cxx`` and ``documentlockfile.cxx`` of LibreOffice.
"""

import re
from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Description
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location, Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded

FORMAT = Format(
    id="office_lock",
    title="Lock file of LibreOffice",
    media_types=("application/x-libreoffice-lock",),
    extensions=(),
    holds=b";",
)
MOST_BYTES = 4_000
_FIELD = rb"((?:[^\\,;\r\n]|\\.){0,1000})"
_LINE = re.compile(
    _FIELD + b"," + _FIELD + b"," + _FIELD + rb",(\d\d\.\d\d\.\d{4} \d\d:\d\d)," + _FIELD + rb";\s{0,10}"
)
_NAMES = ("lock.user", "lock.account", "lock.computer", "", "lock.settings")
_ESCAPE = re.compile(r"\\(.)")


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it is such a line and nothing else."""
    return source.size <= MOST_BYTES and _LINE.fullmatch(head) is not None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield its fields, and since when the document was open.

    Raises:
        Malformed: it is none.
    """
    from forensics.errors import Malformed
    from forensics.parsers._gathering import Gathering
    from forensics.parsers._written_dates import w3cdtf

    found = _LINE.fullmatch(source.read(0, min(source.size, MOST_BYTES + 1)))
    if found is None:
        raise Malformed("not readable as a lock file of LibreOffice")
    gathering = Gathering("lock")
    for number, name in enumerate(_NAMES, 1):
        raw, place = found[number], Locator(path=name or "lock.opened", ranges=(found.span(number),))
        if name and raw:
            gathering.add_fact(name, _ESCAPE.sub(r"\1", raw.decode("utf-8", "replace")), place, raw)
        elif not name:
            day, month, rest = raw.decode("ascii").split(".", 2)
            reading = w3cdtf(f"{rest[:4]}-{month}-{day}T{rest[5:]}")
            gathering.add_time(reading, TimeKind.LOCK_OPENED, Description.LAST_ACCESS, place, raw)
    yield from gathering.notices
    yield gathering.facts(FORMAT.id)
