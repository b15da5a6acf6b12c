"""How the rows of a worksheet are written."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.parsers.document._ooxml_cells import Cells
from tests.parsers.document.office_packages import ROWS, S, parsed, values, workbook

_AC = 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


def row(number: int, *cells: str, spans: str = "1:2", descent: str = 'x14ac:dyDescent="0.25"') -> str:
    said = f'spans="{spans}"' if spans else ""
    held = "".join([f'<c r="{one}"><v>1</v></c>' for one in cells])
    return f'<row r="{number}" {said} {descent}>{held}</row>'


def read(*rows: str, stated: str = "A1:B40") -> Cells:
    cells = Cells()
    text = f'<worksheet {S} {_AC}><dimension ref="{stated}"/><sheetData>{"".join(rows)}</sheetData></worksheet>'
    assert cells.read(text.encode())
    return cells


FIRST, SECOND, THIRD = row(1, "A1", "B1"), row(2, "A2"), row(3, "B3")


@pytest.mark.parametrize(
    ("rows", "order", "marks"),
    [
        ((FIRST, SECOND, THIRD), [], []),
        ((FIRST, THIRD, SECOND), ["row 2 stands behind row 3"], []),
        ((FIRST, FIRST), ["row 1 stands behind row 1"], []),
        ((row(1, "B1", "A1"),), ["A1 stands behind a cell that follows it"], []),
        ((FIRST, row(2, "A3")), ["A3 stands in row 2"], []),
        ((FIRST, row(2, "C2")), [], ["row 2 is said to span 1:2 and has a cell elsewhere"]),
        ((FIRST, row(2, "A2", spans="1:3")), [], ["row 2 is said to span 1:3, row 1 1:2"]),
        ((FIRST, row(17, "A17", spans="1:3")), [], []),
        ((FIRST, row(2, "C2", spans="1:1 3:3"), row(3, "A3", spans="")), [], [
            "row 2 is said to span 1:1 3:3, row 1 1:2", "row 3 does not say which columns it spans, as 2 rows do",
        ]),
        ((FIRST, row(2, spans="")), [], []),
        ((FIRST, SECOND, row(3, "A3", descent="")), [], ["row 3 has no descent, unlike the rest"]),
        ((row(1, "A1", descent=""), row(2, descent=""), THIRD), [], ["row 3 has a descent, unlike the rest"]),
        ((FIRST, row(2, "A2", spans="a:b")), [], ["row 2 is said to span a:b, row 1 1:2"]),
    ],
)  # fmt: skip
def test_rows_that_are_not_as_the_rest(rows: tuple[str, ...], order: list[str], marks: list[str]) -> None:
    found = read(*rows).rows
    assert ([one.said for one in found.order], [one.said for one in found.marks]) == (order, marks)


@pytest.mark.parametrize(
    ("stated", "beyond"),
    [
        ("A1:B3", []),
        ("A1:C40", []),
        ("A1:B2", ["B3 lies outside the stated range A1:B2"]),
        ("A1", ["B1 lies outside the stated range A1", "A2 lies outside the stated range A1",
                "B3 lies outside the stated range A1"]),
        ("?", []),
    ],
)  # fmt: skip
def test_cells_outside_the_stated_range(stated: str, beyond: list[str]) -> None:
    assert [one.said for one in read(FIRST, SECOND, THIRD, stated=stated).rows.beyond] == beyond


def test_a_workbook_with_a_row_out_of_order(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    first, second, third = ROWS.partition('<row r="2">')[0], ROWS.partition('<row r="2">')[2], ""
    second, _, third = second.partition("</row>")
    data = workbook(f'{first}{third}<row r="2">{second}</row>')
    facts, notices = parsed(data)
    assert notices == []
    assert values(facts, "rows") == ["3"] and values(facts, "row_order") == ["Budget: row 2 stands behind row 3"]
    assert presence(facts) & DocumentHas.ROWS
    (told,) = [one for one in facts.properties if one.name == "ooxml.row_order"]
    assert told.raw == b'<row r="2">'
    located(data, facts)


def test_a_workbook_in_order_tells_nothing() -> None:
    facts, _ = parsed(workbook())
    assert values(facts, "row_order") == values(facts, "row_marks") == values(facts, "cell_beyond") == []


def test_many_odd_rows_are_not_all_told() -> None:
    rows = read(*[row(number, f"A{number}") for number in range(80, 0, -1)]).rows
    assert len(rows.order) == 20


def test_many_of_one_kind_leave_room_for_the_others() -> None:
    sheet = "<sheetData>" + "".join([row(n % 2 + 1, "A1") for n in range(60)]) + "</sheetData>"
    odd = "<sheetData>" + FIRST + SECOND + row(3, "A3", descent="") + "</sheetData>"
    names = [f'<sheet name="{at}" sheetId="{at}" r:id="rId{at}"/>' for at in range(1, 5)]
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    linked = [f'<Relationship Id="rId{at}" Type="t" Target="worksheets/sheet{at}.xml"/>' for at in range(1, 5)]
    more = {
        "xl/workbook.xml": f'<workbook {S} xmlns:r="{relations}"><sheets>{"".join(names)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{''.join(linked)}</Relationships>",
        **{f"xl/worksheets/sheet{at}.xml": f"<worksheet {S} {_AC}>{sheet}</worksheet>" for at in range(1, 4)},
        "xl/worksheets/sheet4.xml": f"<worksheet {S} {_AC}>{odd}</worksheet>",
    }
    facts, _ = parsed(workbook(more=more))
    assert len(values(facts, "row_order")) == 50
    assert values(facts, "row_marks") == ["4: row 3 has no descent, unlike the rest"]


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "1:1", "2:9", "x"]), st.integers(0, 3)), max_size=9))
def test_no_rows_break_the_reading(rows: list[tuple[int, str, int]]) -> None:
    written = [row(number, *["ABC"[at] + str(number or 1) for at in range(cells)], spans=spans)
               for number, spans, cells in rows]  # fmt: skip
    assert read(*written).rows.count <= len(rows)
