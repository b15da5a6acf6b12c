"""Charts against the cells that they show."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.parsers.document import _ooxml_charts
from forensics.parsers.document._ooxml_cells import Cells
from forensics.parsers.document._ooxml_chart_points import Chart
from tests.parsers.document.office_packages import ROWS, STRINGS, office, parsed, values, workbook

C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
NUMBERS = '<c:pt idx="0"><c:v>10</c:v></c:pt><c:pt idx="1"><c:v>32.5</c:v></c:pt>'
CUT = st.tuples(st.integers(0, 5_000), st.integers(0, 5_000))
TEXTS = '<c:pt idx="0"><c:v>rent</c:v></c:pt><c:pt idx="1"><c:v> paper </c:v></c:pt>'
BOOK_OF_CHART = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" '
    'Target="../embeddings/book.xlsx"/></Relationships>'
)


def chart(
    numbers: str = NUMBERS, texts: str = TEXTS, *, of: str = "Budget!$B$1:$B$2", count: int = 2, more: str = ""
) -> str:
    return (
        f"<c:chartSpace {C}>{more}<c:chart><c:ser><c:cat><c:strRef><c:f>Budget!$A$1:$A$2</c:f><c:strCache>"
        f'<c:ptCount val="2"/>{texts}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>{of}</c:f><c:numCache>'
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{count}"/>{numbers}</c:numCache></c:numRef></c:val>'
        "</c:ser></c:chart></c:chartSpace>"
    )


def charted(drawn: str, rows: str = ROWS) -> bytes:
    return workbook(rows, more={"xl/charts/chart1.xml": drawn})


def test_charts_of_a_workbook_that_was_saved_while_it_was_computed_are_not_compared() -> None:
    data = workbook(
        setup='<calcPr calcCompleted="0"/>', more={"xl/charts/chart1.xml": chart(NUMBERS.replace("32.5", "9"))}
    )
    assert told(data) == ([], [], [])


def told(data: bytes) -> tuple[list[str], list[str], list[str]]:
    facts, _ = parsed(data)
    counted = values(facts, "chart_points")
    return counted, values(facts, "chart_number_differs"), values(facts, "chart_text_differs")


def test_a_chart_that_shows_its_cells() -> None:
    facts, notices = parsed(charted(chart()))
    assert notices == []
    assert told(charted(chart())) == (["4"], [], [])
    assert presence(facts) & DocumentHas.CHARTS


def test_a_figure_and_a_name_of_the_chart_are_others(
    located: Callable[[bytes, DocumentFacts], tuple[int, int]],
) -> None:
    data = charted(chart(NUMBERS.replace("32.5", "82.5"), TEXTS.replace("rent", "travel")))
    facts, _ = parsed(data)
    assert values(facts, "chart_number_differs") == ["Budget!B2 is 32.5, the chart has 82.5"]
    assert values(facts, "chart_text_differs") == ["Budget!A1 is “rent”, the chart has “travel”"]
    assert (values(facts, "wrong_chart_numbers"), values(facts, "wrong_chart_texts")) == (["1"], ["1"])
    (number,) = [one for one in facts.properties if one.name == "ooxml.chart_number_differs"]
    assert number.raw == b'<c:pt idx="1"><c:v>82.5</c:v></c:pt>'
    located(data, facts)


@pytest.mark.parametrize(
    ("drawn", "rows", "points", "numbers"),
    [
        (chart(NUMBERS.replace("32.5", "32.500000000000007")), ROWS, ["4"], []),
        (chart(more="<c:pivotSource/>"), ROWS, [], []),
        (chart(of="[1]Budget!$B$1:$B$2"), ROWS, ["2"], []),
        (chart(of="Gone!$B$1:$B$2"), ROWS, ["2"], []),
        (chart(of="Budget!$A$1:$B$2"), ROWS, ["2"], []),
        (chart(count=3), ROWS, ["2"], []),
        (chart(), ROWS.replace('<row r="2">', '<row r="2" hidden="1">'), ["4"], []),
        (chart(NUMBERS[: len(NUMBERS) // 2 - 1], count=1), ROWS.replace('r="2">', 'r="2" hidden="1">'), ["3"], []),
        (chart(), ROWS.replace('r="B2"', 'r="B2" t="e"'), ["3"], []),
        (chart(), ROWS.replace("<v>32.5</v>", ""), ["4"], ["Budget!B2 is empty, the chart has 32.5"]),
        (
            chart(NUMBERS.partition("</c:pt>")[0] + "</c:pt>"),
            ROWS,
            ["4"],
            ["Budget!B2 is 32.5, the chart has no value"],
        ),
        (f"{chart()[:-30]}", ROWS, [], []),
    ],
    ids=[
        "the last digits",
        "of a pivot table",
        "of another workbook",
        "of a sheet that is gone",
        "two columns",
        "another number of cells",
        "drawn before a row was hidden",
        "a hidden row is left out",
        "a fault",
        "the cell emptied",
        "the point removed",
        "broken",
    ],
)
def test_what_is_compared(drawn: str, rows: str, points: list[str], numbers: list[str]) -> None:
    assert told(charted(drawn, rows))[:2] == (points, numbers)


@pytest.mark.parametrize("kind", ["word", "ppt"])
def test_a_chart_of_a_workbook_inside_a_document(kind: str) -> None:
    parts = {
        f"{kind}/charts/chart1.xml": chart(NUMBERS.replace("10", "11")),
        f"{kind}/charts/_rels/chart1.xml.rels": BOOK_OF_CHART,
    }
    inside = {f"{kind}/embeddings/book.xlsx": workbook()}
    assert told(office(kind, parts, written=inside)) == (["4"], ["Budget!B1 is 10, the chart has 11"], [])
    assert told(office(kind, parts)) == ([], [], [])
    assert told(office(kind, parts, written={f"{kind}/embeddings/book.xlsx": b"no package"})) == ([], [], [])


def test_more_than_are_told_are_counted() -> None:
    rows = "".join([f'<row r="{row}"><c r="B{row}"><v>1</v></c></row>' for row in range(1, 61)])
    points = "".join([f'<c:pt idx="{row}"><c:v>2</c:v></c:pt>' for row in range(60)])
    facts, _ = parsed(charted(chart(points, "", of="Budget!$B$1:$B$60", count=60), rows))
    assert len(values(facts, "chart_number_differs")) == 50
    assert values(facts, "wrong_chart_numbers") == ["60"]


def test_no_more_is_compared_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ooxml_charts, "MOST_COMPARED", 3)
    assert told(charted(chart(NUMBERS.replace("10", "11")))) == (["2"], [], [])


def test_columns_that_are_not_shown_are_left_out() -> None:
    cells = Cells()
    cols = '<cols><col min="2" max="99999999" hidden="1"/><col min="3" max="16384" hidden="1"/></cols>'
    assert cells.read(f"<worksheet>{cols}<sheetData/></worksheet>".encode())
    assert min(cells.hidden_columns) == 3 and max(cells.hidden_columns) == 16384


@pytest.mark.parametrize(
    ("limit", "value", "text"),
    [
        ("MOST_COMPARED", 3, "more than 3 figures and texts of charts; the rest is not compared"),
        ("MOST_BOOKS", 0, "charts of 1 workbooks, limit 0; those of the rest are not compared"),
        ("MOST_BOOK_CELLS", 2, "cells of ppt/embeddings/book.xlsx are read in part: no chart is compared with them"),
    ],
)
def test_what_a_limit_leaves_out_is_said(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, text: str) -> None:
    parts = {"ppt/charts/chart1.xml": chart(), "ppt/charts/_rels/chart1.xml.rels": BOOK_OF_CHART}
    data = office("ppt", parts, written={"ppt/embeddings/book.xlsx": workbook()})
    assert values(parsed(data)[0], "chart_points") == ["4"]
    monkeypatch.setattr(_ooxml_charts, limit, value)
    assert text in [one.text for one in parsed(data)[1]]


def test_a_chart_that_breaks_off_is_not_compared_and_said_to_be_so() -> None:
    facts, notices = parsed(charted(chart()[:-20]))
    assert values(facts, "chart_points") == []
    assert [one.code for one in notices] == ["ooxml.charts"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["xl/charts/chart1.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]), CUT)
def test_damaged_parts_never_break_out(part: str, cut: tuple[int, int]) -> None:
    parts = {
        "xl/charts/chart1.xml": chart(),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{ROWS}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst>{STRINGS}</sst>",
    }
    text = parts[part]
    start, end = sorted(at % len(text) for at in cut)
    facts, _ = parsed(workbook(more={**parts, part: text[:start] + text[end:]}))
    assert facts.format == "ooxml.excel"


@given(st.text(alphabet='<>/cfvpt="0 ', max_size=200))
def test_no_text_breaks_the_reading_of_a_chart(text: str) -> None:
    Chart().read(f"<numRef>{text}</numRef>".encode())
