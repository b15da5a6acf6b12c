"""What the log says of a plan."""

from forensics.engine.reading.planned import Pieces, plan_details
from forensics.engine.reading.units import Slice, Unit
from forensics.intake.files import FileKind, SourceFile


def file(name: str, size: int) -> SourceFile:
    return SourceFile(name=name.encode(), path=name.encode(), kind=FileKind.FILE, size=size)


def piece(start: int, end: int) -> Unit:
    part = Slice(parser="mail.mbox", start=start, end=end, ordinal=0, last=end == 90, sha256="")
    return Unit(id=f"s{start}", source="leak", files=(file("large.mbox", 90),), slice=part)


GROUP = Unit(id="g", source="leak", files=(file("a", 1), file("b", 2)))
UNITS = [GROUP, piece(0, 40), piece(40, 90)]


def test_a_cut_mailbox_is_one_file() -> None:
    whole = {"units": "3", "files": "3", "bytes": "93"}
    assert plan_details(UNITS, UNITS) == whole | {"units_left": "3", "files_left": "3", "bytes_left": "93"}
    assert plan_details(UNITS, UNITS[2:]) == whole | {"units_left": "1", "files_left": "1", "bytes_left": "50"}
    assert plan_details(UNITS, [])["files_left"] == "0"


def test_a_cut_mailbox_is_whole_with_its_last_piece_to_come() -> None:
    pieces = Pieces(UNITS)
    assert [pieces.whole_with(unit) for unit in (UNITS[2], GROUP, UNITS[1])] == [0, 2, 1]
    assert Pieces(UNITS[2:]).whole_with(UNITS[2]) == 1
