"""What the log says of a plan."""

from collections.abc import Sequence

from forensics.engine.reading.planned import Tally, plan_details, whole_with
from forensics.engine.reading.units import Slice, Unit
from forensics.intake.files import FileKind, SourceFile


def file(name: str, size: int) -> SourceFile:
    return SourceFile(name=name.encode(), path=name.encode(), kind=FileKind.FILE, size=size)


def piece(start: int, end: int) -> Unit:
    part = Slice(parser="mail.mbox", start=start, end=end, ordinal=0, last=start == 90, sha256="")
    return Unit.of(f"s{start}", "leak", (file("large.mbox", 90),), part)


GROUP = Unit.of("g", "leak", (file("a", 1), file("b", 2)))
UNITS = [GROUP, piece(0, 40), piece(40, 90), piece(90, 90)]


def details(units: Sequence[Unit], left: Sequence[Unit]) -> dict[str, str]:
    tallies = Tally(), Tally()
    for tally, counted in zip(tallies, (units, left), strict=True):
        assert list(tally.counting(counted)) == list(counted)
    return plan_details(*tallies)


def test_a_cut_mailbox_is_one_file() -> None:
    whole = {"units": "4", "files": "3", "bytes": "93"}
    assert details(UNITS, UNITS) == whole | {"units_left": "4", "files_left": "3", "bytes_left": "93"}
    assert details(UNITS, UNITS[2:]) == whole | {"units_left": "2", "files_left": "1", "bytes_left": "50"}
    assert details(UNITS, [])["files_left"] == "0"


def test_a_cut_mailbox_is_whole_with_the_unit_that_records_it() -> None:
    assert [whole_with(unit) for unit in UNITS] == [2, 0, 0, 1]
