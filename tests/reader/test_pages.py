"""The first lines of a list are those of the whole, whatever their number, and cost no more than they need."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import forensics
from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.model.case import CaseInfo
from forensics.model.codec import encode, encode_text
from forensics.model.instants import FIRST, LAST, written
from forensics.model.locations import Location, Step, StepKind
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.times import TimeRow
from forensics.reader.lines import Lines
from forensics.reader.stored_times import StoredTimes
from forensics.report.timeline import lines_of

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
HOUR_S = 3600
HOUR = HOUR_S * 10_000_000


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[forensics.Case]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(LEAK, home / "leak")
    forensics.scan(home / "leak", home / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    with forensics.open_case(home / "case") as case:
        yield case


def lists(case: forensics.Case) -> dict[str, Lines]:
    return {
        "items": case.items(),
        "unread": case.items(status="unread"),
        "rank": case.rank(),
        "findings": case.findings(),
        "findings of one": case.findings(1),
        "timeline": lines_of(case),
        "times of one": lines_of(case, item=case.item(1).ref.sha256),
    }


@pytest.mark.parametrize("name", ["items", "unread", "rank", "findings", "findings of one", "timeline", "times of one"])
@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 20, 10_000])
def test_a_page_is_the_beginning_of_the_list(opened: forensics.Case, name: str, most: int) -> None:
    lines, whole = lists(opened)[name], list(lists(opened)[name])
    assert list(lines.first(most)) == whole[:most]
    assert lines.count() == len(whole)


def test_a_page_of_items_reads_the_notices_of_its_places_alone(
    opened: forensics.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    read = Queries.rows

    def counted(self, sql, parameters, kind):  # type: ignore[no-untyped-def]
        found = list(read(self, sql, parameters, kind))
        rows.append(len(found))
        return iter(found)

    whole = list(opened.items())
    notices = [max(len(line.notices), 1) for line in whole]
    monkeypatch.setattr(Queries, "rows", counted)
    assert list(opened.items().first(3)) == whole[:3]
    assert rows[0] == sum(notices[:3])
    assert all(found <= 3 for found in rows[1:])  # what labels are made of


def test_a_page_of_times_sorts_the_items_that_have_them_alone(
    opened: forensics.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    sorted_items: list[list[str] | None] = []
    read = StoredTimes._sorted
    monkeypatch.setattr(StoredTimes, "_sorted", lambda self, items: sorted_items.append(items) or read(self, items))
    monkeypatch.setattr("forensics.reader.stored_times._SPARE", 0)
    first = list(lines_of(opened).first(1))
    everything = {line.sha256 for line in lines_of(opened)}
    (items, none) = sorted_items
    assert none is None
    assert items is not None and first[0].sha256 in items
    assert len(items) < len(everything) / 2


def time_row(instant: int | None, wall: int | None, offset_s: int | None, precision: str = "s") -> TimeRow:
    absent = ["not present" if value is None else None for value in (instant, wall, offset_s)]
    return TimeRow(
        *(instant, wall, absent[0], offset_s, precision, "Sent Time", "sender", "", b"x", "header:Date[0]", "date"),
        *(0, 0, 1, "", absent[1], absent[2]),
    )


EDGES = [
    time_row(at + shift, None, offset)
    for at in (FIRST, LAST, FIRST - HOUR, LAST - HOUR)
    for shift in (-1, 0)
    for offset in (None, HOUR_S, -HOUR_S, 19 * HOUR_S, 61)
] + [time_row(None, at + shift, None, "day") for at in (FIRST, LAST) for shift in (-1, 0)]


def test_what_has_no_calendar_form_is_neither_shown_nor_counted(tmp_path: Path) -> None:
    where = Location((Step(kind=StepKind.FILE, name="a", start=0, end=9, sha256="ab", source="leak"),))
    empty = ("declared_type", "extension_type", "parser", "reason", "parent_sha256", "message_sha256")
    texts = dict.fromkeys(empty, "")
    row = OccurrenceRow(
        sha256="ab", size=9, location=encode_text(where), location_text=where.text, source="leak", name="a",
        media_type="text/plain", status="parsed", depth=0, mask=0, times=EDGES, **texts,
    )  # fmt: skip
    case = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    lines = case.tmp / "occurrences.ndjson"
    lines.write_bytes(encode(row) + b"\n")
    case.custody.append("unit", {"unit": "u1"}, write_unit(case, "u1", {"occurrences": lines}))
    with Queries(case) as queries:
        everything = StoredTimes(queries).lines()
        shown = StoredTimes(queries, written=True).lines()
        expressible = [one for one in everything if written(one.time) is not None]
        assert 0 < len(expressible) < everything.count() == len(EDGES)
        assert list(shown) == expressible
        assert shown.count() == len(expressible)
        assert next(shown.first(1)) == expressible[0]
