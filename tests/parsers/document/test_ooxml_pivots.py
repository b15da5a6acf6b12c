"""Pivot caches against the rows that they were made of."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.parsers.document import _ooxml_pivots
from forensics.parsers.document._ooxml_pivot_cache import Definition, Records
from tests.parsers.document.office_packages import S, parsed, values, workbook

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
SOURCE = '<worksheetSource ref="A1:C4" sheet="Budget"/>'
FIELDS = (
    '<cacheField name="What"><sharedItems><s v="rent"/><s v="paper"/><s v="ink"/></sharedItems></cacheField>'
    '<cacheField name="Day"><sharedItems containsDate="1"/></cacheField>'
    '<cacheField name="Paid"><sharedItems containsNumber="1"/></cacheField>'
    '<cacheField name="Twice" databaseField="0" formula="Paid*2"/>'
)
RECORDS = (
    '<r><x v="0"/><d v="2017-03-06T00:00:00"/><n v="1200"/></r><r><x v="1"/><d v="2017-03-07T00:00:00"/><n v="3"/></r>'
    '<r><x v="0"/><m/><n v="4.5"/></r>'
)


def text(cell: str, said: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{said}</t></is></c>'


def rows(*lines: tuple[str, int | None, str]) -> str:
    head = f'<row r="1">{text("A1", "What")}{text("B1", "Day")}{text("C1", "Paid")}</row>'
    for at, (what, day, paid) in enumerate(lines, 2):
        dated = "" if day is None else f'<c r="B{at}"><v>{day}</v></c>'
        head += f'<row r="{at}">{text(f"A{at}", what)}{dated}<c r="C{at}"><v>{paid}</v></c></row>'
    return head


AS_CACHED = (("rent", 42_800, "1200"), ("paper", 42_801, "3"), ("Rent", None, "4.5"))


def pivot(
    lines: tuple[tuple[str, int | None, str], ...] = AS_CACHED,
    *,
    source: str = SOURCE,
    records: str = RECORDS,
    count: int = 3,
    more: dict[str, str] | None = None,
) -> bytes:
    definition = (
        f'<pivotCacheDefinition {S} recordCount="{count}" refreshedBy="Ada"><cacheSource type="worksheet">{source}'
        f"</cacheSource><cacheFields>{FIELDS}</cacheFields></pivotCacheDefinition>"
    )
    named = f'<Relationship Id="r" Type="{_R}/pivotCacheRecords" Target="pivotCacheRecords1.xml"/>'
    parts = {
        "xl/pivotCache/pivotCacheDefinition1.xml": definition,
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": f"<Relationships {_RELS}>{named}</Relationships>",
        "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords {S}>{records}</pivotCacheRecords>",
    }
    return workbook(rows(*lines), chain=None, more=parts | (more or {}))


def told(data: bytes) -> dict[str, list[str]]:
    facts, _ = parsed(data)
    names = ("pivot_rows", "pivot_cell_differs", "pivot_row_gone", "pivot_row_new", "pivot_count_differs")
    return {name[6:]: found for name in names if (found := values(facts, name))}


def test_a_cache_that_is_as_its_source() -> None:
    assert told(pivot()) == {"rows": ["3"]}
    # Sorting, and a cell that was never filled, change no row.
    assert told(pivot((*AS_CACHED[::-1], ("", None, "")))) == {"rows": ["3"]}
    record = '<r><s v="rent_x0009_of"/><d v="2017-03-06T00:00:00"/><n v="1"/></r>'
    tabs = pivot((("rent\tof", 42_800, "1"),), records=record, count=1)
    assert told(tabs) == {"rows": ["1"]}


def test_dates_and_lines_as_workbooks_and_caches_write_them() -> None:
    strict = rows(*AS_CACHED).replace('B2"><v>42800<', 'B2" t="d"><v>2017-03-06T00:00:00Z<')
    strict = strict.replace('B3"><v>42801<', 'B3" t="d"><v>2017-03-07<')
    sheet = {"xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{strict}</sheetData></worksheet>"}
    assert told(pivot(more=sheet)) == {"rows": ["3"]}
    long = "\n".join(["a line of a long cell"] * 9)
    line_ends = long.replace("\n", "_x000a_")
    lines = f'<r><s v="{line_ends}"/><d v="2017-03-06T00:00:00"/><n v="1"/></r>'
    assert told(pivot(((long, 42_800, "1"),), records=lines, count=1)) == {"rows": ["1"]}


def test_dates_in_caches_are_of_whole_seconds() -> None:
    """However many rows have them: of 300 no nearest is sought."""
    count, record = 400, '<r><x v="0"/><d v="2017-03-06T10:00:01"/><n v="%d"/></r>'
    cells = rows(*[("rent", 42_800, str(number)) for number in range(count)]).replace("42800<", "42800.416678123<")
    more = {"xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{cells}</sheetData></worksheet>"}
    source = SOURCE.replace("C4", f"C{count + 1}")
    cached = "".join([record % number for number in range(count)])
    assert told(pivot(source=source, records=cached, count=count, more=more)) == {"rows": ["400"]}


def test_rows_are_told_whole_where_the_nearest_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pivot((("rent", 42_800, "12000"), *AS_CACHED[1:]))
    assert "cell_differs" in told(data)
    monkeypatch.setattr(_ooxml_pivots, "MOST_PAIRED", 16)
    assert told(data)["row_gone"] == ["Budget: rent | 2017-03-06T00:00:00 | 1200"]


def test_further_caches_are_compared_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = "xl/pivotCache"
    one = parts_of(pivot())
    more = {name.replace("1.xml", "2.xml"): said for name, said in one.items() if name.startswith(folder)}
    data = pivot(more={name: said.replace("Records1", "Records2") for name, said in more.items()})
    assert told(data) == {"rows": ["6"]}
    monkeypatch.setattr(_ooxml_pivots, "MOST_BYTES", 10)
    assert told(data) == {"rows": ["3"]}
    assert [one.code for one in parsed(data)[1]] == ["ooxml.pivot_partial"]


def parts_of(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name).decode().partition("?>")[2] for name in opened.namelist()}


def test_what_stood_there_before(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = pivot((("rent", 42_800, "12000"), *AS_CACHED[1:]))
    assert told(data) == {"rows": ["3"], "cell_differs": ["Budget!C2 is 12000, the pivot cache has 1200"]}
    located(data, parsed(data)[0])
    gone = pivot((AS_CACHED[0], ("tax", 42_811, "77"), AS_CACHED[2]))
    assert told(gone)["row_gone"] == ["Budget: paper | 2017-03-07T00:00:00 | 3"]
    assert told(gone)["row_new"] == ["Budget!A3: tax | 42811 | 77"]
    located(gone, parsed(gone)[0])


def test_items_that_no_record_has_were_there_once() -> None:
    facts, _ = parsed(pivot())
    assert values(facts, "pivot_item_unused") == ["What: ink"]


def test_a_column_is_found_by_its_name() -> None:
    moved = rows(*AS_CACHED).replace("What", "Who").replace('"C1"', '"D1"')
    facts, _ = parsed(
        pivot(more={"xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{moved}</sheetData></worksheet>"})
    )
    assert values(facts, "pivot_field_differs") == [
        "Budget!A1 is “Who”, the pivot cache has “What”", "Budget!C1 is empty, the pivot cache has “Paid”",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "more"),
    [
        (
            '<worksheetSource name="Costs"/>',
            {
                "xl/tables/table1.xml": f'<table {S} name="Costs" displayName="Costs" ref="A1:C4"/>',
                "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships {_RELS}><Relationship Id="r" Type="t" '
                'Target="../tables/table1.xml"/></Relationships>',
            },
        ),
        ('<worksheetSource ref="$A$1:$C$1048576" sheet="budget"/>', {}),
    ],
    ids=["table", "whole columns"],
)
def test_forms_of_a_source(source: str, more: dict[str, str]) -> None:
    changed = (("rent", 42_800, "12000"), *AS_CACHED[1:])
    assert told(pivot(changed, source=source, more=more))["cell_differs"]


@pytest.mark.parametrize(
    "source",
    [
        '<worksheetSource ref="A1:C4" sheet="Budget" xmlns:r="x" r:id="rId1"/>',
        '<worksheetSource ref="A1:C4" sheet="Other"/>',
        '<worksheetSource name="Gone"/>',
        "<consolidation/>",
    ],
)
def test_sources_that_are_not_compared(source: str) -> None:
    assert told(pivot((("x", 1, "1"),), source=source)) == {}


def test_what_a_cache_says_of_its_records() -> None:
    assert told(pivot(count=4))["count_differs"] == [
        "xl/pivotCache/pivotCacheDefinition1.xml says 4 records, there are 3"
    ]
    # A record that does not fit its fields is not compared.
    assert told(pivot(records='<r><x v="7"/><m/><n v="1"/></r>', count=1)) == {}


@given(st.text(alphabet='<>/rxnsmv="0 ', max_size=200))
def test_no_text_breaks_the_reading(said: str) -> None:
    definition = Definition(old=False)
    definition.read(f"<x>{said}</x>".encode())
    Records(definition.fields, old=False).read(f"<x>{said}</x>".encode())
