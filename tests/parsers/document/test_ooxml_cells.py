"""A workbook against itself: formulas and chain, cells and strings, sums."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document._ooxml_cells import Block, Cells, Chain, Strings, block
from tests.parsers.document.office_packages import CHAIN, RELATIONSHIPS, ROWS, STRINGS, S, parsed, values, workbook


def test_a_workbook_that_agrees(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = workbook()
    facts, notices = parsed(data)
    assert notices == []
    assert facts.format == "ooxml.excel"
    counted = ("formula_cells", "chain_cells", "strings", "strings_used", "sums")
    assert [values(facts, name) for name in counted] == [["1"], ["1"], ["2"], ["2"], ["1"]]
    odd = ("chain_without_formula", "formula_without_chain", "string_unused", "inline_string", "sum_differs")
    assert [values(facts, name) for name in odd] == [[]] * 5
    ranged, everything = located(data, facts)
    assert ranged == everything > 5


def test_a_formula_overwritten_by_a_number_stays_in_the_chain(
    located: Callable[[bytes, DocumentFacts], tuple[int, int]],
) -> None:
    data = workbook(ROWS.replace("<f>SUM(B1:B2)</f>", ""))
    facts, _ = parsed(data)
    assert values(facts, "chain_without_formula") == ["Budget!B3"]
    (told,) = [one for one in facts.properties if one.name == "ooxml.chain_without_formula"]
    assert told.raw == b'<c r="B3" i="1"/>'
    located(data, facts)


def test_a_formula_that_the_chain_does_not_list() -> None:
    rows = ROWS.replace('<row r="3">', '<row r="3"><c r="A3"><f>B1*2</f><v>20</v></c>')
    facts, _ = parsed(workbook(rows))
    assert values(facts, "formula_without_chain") == ["Budget!A3: =B1*2"]


def test_a_formula_without_words_is_another_cells() -> None:
    rows = ROWS.replace('<row r="3">', '<row r="3"><c r="A3"><f{}/><v>20</v></c>')
    facts, _ = parsed(workbook(rows.format(' ca="1"')))
    assert (values(facts, "formula_without_chain"), values(facts, "unlisted_formula_cells")) == ([], ["0"])
    facts, _ = parsed(workbook(rows.format(' t="shared" si="0"')))
    assert values(facts, "formula_without_chain") == ["Budget!A3: ="]


def test_more_than_are_told_are_counted() -> None:
    chain = "".join([f'<c r="C{row}" i="1"/>' for row in range(1, 61)])
    facts, _ = parsed(workbook(chain=CHAIN + chain))
    assert len(values(facts, "chain_without_formula")) == 50
    assert (values(facts, "chain_idle_cells"), values(facts, "unlisted_formula_cells")) == (["60"], ["0"])


def test_no_chain_at_all_is_a_chain_of_none() -> None:
    facts, _ = parsed(workbook(chain=None))
    assert (values(facts, "formula_cells"), values(facts, "chain_cells")) == (["1"], ["0"])
    assert values(facts, "formula_without_chain") == []


def test_cells_of_an_array_are_listed_without_a_formula_of_their_own() -> None:
    array = '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'
    rows = f'{array}<row r="2"><c r="A2"><v>2</v></c></row>'
    facts, _ = parsed(workbook(rows, chain='<c r="A1" i="1" a="1"/><c r="A2" i="1"/>', strings=""))
    assert values(facts, "chain_without_formula") == []


def test_a_table_of_data_is_no_formula_and_no_chain_lists_it() -> None:
    table = '<row r="1"><c r="A1"><f t="dataTable" ref="A1:A2" dt2D="0" dtr="0" r1="C9"/><v>1</v></c></row>'
    rows = f'{table}<row r="2"><c r="A2"><v>2</v></c></row>'
    facts, _ = parsed(workbook(rows, chain='<c r="B3" i="1"/>', strings=""))
    assert (values(facts, "formula_cells"), values(facts, "unlisted_formula_cells")) == (["0"], ["0"])
    assert values(facts, "formula_without_chain") == []
    listed, _ = parsed(workbook(rows, chain='<c r="A1" i="1"/><c r="A2" i="1"/>', strings=""))
    assert values(listed, "chain_without_formula") == []


def test_the_sheet_of_a_chain_is_inherited() -> None:
    chain = Chain()
    assert chain.read(f'<calcChain {S}><c r="A1" i="2"/><c r="A2"/><c r="A3" i="1"/></calcChain>'.encode())
    assert {sheet: list(cells) for sheet, cells in chain.cells.items()} == {"2": ["A1", "A2"], "1": ["A3"]}


def test_a_text_without_a_cell_is_told_with_its_place(
    located: Callable[[bytes, DocumentFacts], tuple[int, int]],
) -> None:
    data = workbook(strings=f"{STRINGS}<si><t>paid to the club</t></si>")
    facts, _ = parsed(data)
    assert values(facts, "string_unused") == ["paid to the club"]
    (told,) = [one for one in facts.properties if one.name == "ooxml.string_unused"]
    assert told.raw == b"<si><t>paid to the club</t></si>"
    located(data, facts)


def test_texts_are_read_without_how_they_are_pronounced() -> None:
    strings = Strings()
    assert strings.read(f"<sst {S}>{STRINGS}</sst>".encode())
    assert strings.texts == ["rent", "paper"]


def test_a_text_inside_a_cell() -> None:
    rows = ROWS.replace('<row r="3">', '<row r="3"><c r="A3" t="inlineStr"><is><t>x</t></is></c>')
    facts, _ = parsed(workbook(rows))
    assert (values(facts, "inline_strings"), values(facts, "inline_string")) == (["1"], ["Budget!A3"])


def test_texts_that_the_formula_of_an_array_makes_are_no_texts_of_cells() -> None:
    made = (
        '<row r="3"><c r="A3" t="str"><f t="array" ref="A3:A5">NAMES()</f><v>Ada</v></c></row>'
        '<row r="4"><c r="A4" t="str"><v>Bea</v></c><c r="B4" t="str"><v>typed</v></c></row>'
        '<row r="5"><c r="A5" t="str"><v>Cleo</v></c></row><row r="6"><c r="A6" t="str"><v>below</v></c></row>'
    )
    first, mark, _ = ROWS.partition('<row r="3"')
    assert mark
    rows = first + made
    facts, _ = parsed(workbook(rows))
    assert (values(facts, "inline_strings"), values(facts, "inline_string")) == (["2"], ["Budget!B4"])


def test_too_many_texts_and_ranges_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.document._ooxml_excel._MOST_PAIRS", 0)
    row = (
        '<row r="3"><c r="A3" t="str"><f t="array" ref="A3:A5">NAMES()</f><v>Ada</v></c><c r="B3" t="str"><v>x</v></c>'
    )
    facts, _ = parsed(workbook(ROWS.replace('<row r="3">', row + '</row><row r="7">')))
    assert values(facts, "inline_strings") == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (ROWS.replace("32.5", "82.5"), ["Budget!B3: =SUM(B1:B2) is kept as 42.5, its cells make 92.5"]),
        (ROWS.replace("<v>32.5</v>", "<v>#N/A</v>").replace('"B2"', '"B2" t="e"'), []),
        (ROWS.replace("<v>32.5</v>", "<f>B1</f>"), []),
        (ROWS.replace("SUM(B1:B2)", "SUM(Other!B1:B2)").replace("42.5", "7"), []),
        (ROWS.replace("SUM(B1:B2)", "SUM(B1:B3)"), []),
        (ROWS.replace("32.5", "82.5").replace("<f>SUM", '<f ca="1">SUM'), []),
    ],
    ids=["changed", "a fault among them", "a formula without a value", "another sheet", "over itself", "at each load"],
)
def test_a_sum_against_its_cells(rows: str, told: list[str]) -> None:
    facts, _ = parsed(workbook(rows))
    assert values(facts, "sum_differs") == told


@pytest.mark.parametrize(
    "setup",
    [
        '<calcPr calcMode="manual"/>',
        '<calcPr fullCalcOnLoad="1"/>',
        '<calcPr fullPrecision="0"/>',
        '<calcPr calcCompleted="0"/>',
    ],
)
def test_sums_that_were_not_to_be_computed_are_not_compared(setup: str) -> None:
    facts, _ = parsed(workbook(ROWS.replace("32.5", "82.5"), setup=setup))
    assert values(facts, "sums") == values(facts, "sum_differs") == []


def test_cells_read_in_part_are_not_compared() -> None:
    facts, notices = parsed(workbook(f"{ROWS}<row><c"))
    assert [one.code for one in notices] == ["ooxml.cells_partial"]
    assert values(facts, "strings") == values(facts, "formula_cells") == values(facts, "sums") == []


def test_a_sheet_that_is_not_there_leaves_nothing_to_compare() -> None:
    away = {"xl/_rels/workbook.xml.rels": RELATIONSHIPS.replace("worksheets/sheet1.xml", "worksheets/gone.xml")}
    facts, notices = parsed(workbook(more=away))
    assert [one.code for one in notices] == ["ooxml.cells_partial"]
    assert values(facts, "strings") == values(facts, "string_unused") == values(facts, "chain_cells") == []


def test_a_sheet_in_another_folder_is_read() -> None:
    moved = {
        "xl/_rels/workbook.xml.rels": RELATIONSHIPS.replace("worksheets/sheet1.xml", "/xl/first.xml"),
        "xl/first.xml": f"<worksheet {S}><sheetData>{ROWS}</sheetData></worksheet>",
    }
    facts, _ = parsed(workbook(more=moved))
    assert values(facts, "strings_used") == ["2"] and values(facts, "string_unused") == []


def test_a_sheet_with_more_cells_than_the_limit_is_read_in_part() -> None:
    cells = Cells(2)
    assert not cells.read(f"<worksheet {S}><sheetData>{ROWS}</sheetData></worksheet>".encode())


def test_who_refreshed_a_pivot_table_and_when(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    cache = f'<pivotCacheDefinition {S} refreshedBy="Ada" refreshedDate="42800.5"/>'
    data = workbook(more={"xl/pivotCache/pivotCacheDefinition1.xml": cache})
    facts, _ = parsed(data)
    assert values(facts, "pivot_refreshed_by") == ["Ada"]
    (stamp,) = [one for one in facts.timestamps if one.kind is TimeKind.PIVOT_REFRESHED]
    assert stamp.wall == (17231 * 24 + 12) * 36_000_000_000 and stamp.instant is Absence.NOT_PRESENT
    located(data, facts)


def test_what_the_workbook_says_of_itself() -> None:
    setup = '<fileVersion lastEdited="7" rupBuild="22527"/><absPath url="C:\\Users\\Ada\\"/><calcPr calcId="191029"/>'
    facts, _ = parsed(workbook(setup=f'{setup}<oleSize ref="A1:D10"/>'))
    names = ("last_edited", "build", "folder", "calc_id", "shown_elsewhere")
    said = [["7"], ["22527"], ["C:\\Users\\Ada\\"], ["191029"], ["A1:D10"]]
    assert [values(facts, f"workbook_{name}") for name in names] == said


def test_references() -> None:
    assert block("$B$2:A1") == Block(1, 1, 2, 2)
    assert block("AA10") == Block(10, 27, 10, 27)
    assert block("A:A") is block("Sheet!A1") is block("") is None


@given(st.text(alphabet='<>/cfvr="A1 ts:', max_size=200))
def test_no_text_breaks_the_reading_of_cells(text: str) -> None:
    for reader in (Cells(), Chain(), Strings()):
        reader.read(f"<x>{text}</x>".encode())
