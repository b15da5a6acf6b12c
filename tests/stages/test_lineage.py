"""Which document was made from which, over a scanned case."""

import hashlib
from pathlib import Path

import pytest

import forensics
from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load
from forensics.examples.cases import context
from forensics.model.rows.lineage import LineageRow
from forensics.model.rules import Observation, State
from forensics.report import lineage as words
from forensics.stages.lineage import MOST
from forensics.stages.running import parameters
from tests.parsers.document.office_packages import ROWS, S, office, workbook
from tests.parsers.document.word_files import core, paragraph, word

pytestmark = pytest.mark.usefixtures("in_process")

ROOT, FIRST, SECOND, THIRD, LAST = [f"00AA000{n}" for n in range(5)]
OLD = [ROOT, FIRST, SECOND]


def day(number: int, *, created: int = 1, saves: str = "4") -> str:
    return core(created=f"2017-03-{created:02}T09:00", modified=f"2017-03-{number:02}T10:00", saves=saves)


def document(sessions: list[str], properties: str = "") -> bytes:
    return word(sessions, paragraph("The grant.", sessions[0]), properties=properties or day(6))


def scanned(folder: Path, *documents: bytes) -> Path:
    (folder / "leak").mkdir()
    for number, data in enumerate(documents):
        (folder / "leak" / f"{number}.docx").write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return folder / "case"


def relations(folder: Path, *documents: bytes) -> list[tuple[int, str, int | None]]:
    """Return the documents in their order, each with its relation and the number of its relative."""
    numbers = {hashlib.sha256(data).hexdigest(): number for number, data in enumerate(documents)}
    with Queries(CaseFolder.open(scanned(folder, *documents))) as queries:
        rows = list(queries.rows("SELECT * FROM lineage ORDER BY family, place", {}, LineageRow))
    return [(numbers[row.sha256], row.relation, numbers.get(row.other)) for row in rows]


def observed(case: Path) -> list[Observation]:
    rule, judging = load("case.lineage_dates"), context()
    with Queries(CaseFolder.open(case)) as queries:
        return list(rule.check(queries.rows(rule.QUERY, parameters(rule.QUERY, judging), rule.Row), judging))


def test_versions_in_the_order_of_derivation(tmp_path: Path) -> None:
    newest, oldest, middle = document([*OLD, THIRD, LAST]), document(OLD), document([*OLD, THIRD])
    found = relations(tmp_path, newest, oldest, middle)
    assert found == [(1, "first", None), (2, "derives", 1), (0, "derives", 2)]


def test_two_copies_that_went_their_own_ways(tmp_path: Path) -> None:
    common = [f"00BB{n:04}" for n in range(6)]
    found = relations(tmp_path, document([*common, THIRD]), document([*common, LAST]), document(["00CC0001"]))
    assert sorted(found) == [(0, "fork", 1), (1, "fork", 0)]


def test_the_same_sessions_and_few_in_common(tmp_path: Path) -> None:
    same = document(OLD, day(8)), document(OLD, day(6))
    found = relations(tmp_path, *same, document([*OLD, *[f"00DD{n:04}" for n in range(9)]], day(9)))
    assert found == [(1, "first", None), (0, "same_sessions", 1), (2, "derives", 1)]


def test_sessions_by_chance_are_no_relation(tmp_path: Path) -> None:
    assert relations(tmp_path, document([ROOT, FIRST, SECOND]), document([ROOT, FIRST, THIRD])) == []


def test_sessions_of_a_template_are_no_relation(tmp_path: Path) -> None:
    many = [document([*OLD, f"00EE{n:04}"]) for n in range(MOST + 1)]
    assert relations(tmp_path, *many) == []


def test_a_version_that_is_dated_before_its_ancestor(tmp_path: Path) -> None:
    case = scanned(tmp_path, document(OLD, day(20, created=10)), document([*OLD, THIRD], day(5)))
    (seen,) = observed(case)
    assert seen.bin == "before_created" and not seen.benign
    assert seen.sentence.values["span"] == "4 d 23 h" and seen.sentence.values["more"] == "1"
    assert [one.location.text for one in seen.subjects] == ["1.docx", "0.docx"]
    assert [fact.locator.path for fact in seen.evidence] == [
        "xml:docProps/core.xml#dcterms:modified",
        "xml:docProps/core.xml#dcterms:created",
    ]


def test_a_text_that_a_program_put_into_a_given_document(tmp_path: Path) -> None:
    (seen,) = observed(scanned(tmp_path, document(OLD, day(20, saves="")), document([*OLD, THIRD], day(5))))
    assert seen.bin == "before_saved"
    assert [(one.cause, one.state) for one in seen.benign] == [("other_writer", State.EXPLAINS)]


def test_versions_in_order_say_nothing(tmp_path: Path) -> None:
    assert observed(scanned(tmp_path, document(OLD, day(5)), document([*OLD, THIRD], day(5)))) == []


def test_a_document_is_shown_with_its_relatives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = scanned(tmp_path, document(OLD), document([*OLD, THIRD]), document([*OLD, LAST]), document(["00CC0001"]))
    (first,), (second,), (alone,) = [forensics.show(case, f"{n}.docx", texts=False) for n in (0, 1, 3)]
    assert alone.lineage is None and first.lineage is not None and second.lineage is not None
    assert [one.location.text for one in first.lineage.derived] == ["1.docx", "2.docx"]
    assert first.lineage.derived_count == 2 and first.lineage.documents == 3 and first.lineage.other is None
    assert second.lineage.other is not None and second.lineage.other.location.text == "0.docx"
    from rich.console import Console

    Console(width=200).print(words.lines(first.lineage))
    Console(width=200).print(words.lines(second.lineage))
    assert capsys.readouterr().out.splitlines() == [
        "From it 2 documents here were made: 1.docx, 2.docx",
        "Documents that share editing sessions, in the order of derivation (1 of 3): 0.docx, 1.docx, 2.docx",
        "By its editing sessions made from 0.docx or a copy of it: it lists all 3 editing sessions of that, and 1 more",
        "Documents that share editing sessions, in the order of derivation (2 of 3): 0.docx, 1.docx, 2.docx",
    ]


def slides(*identifiers: int, title: str = "Costs") -> bytes:
    parts = {
        f"ppt/slides/slide{at}.xml": f'<p:sld xmlns:p="p"><p14:creationId xmlns:p14="q" val="{one}"/>{title}</p:sld>'
        for at, one in enumerate(identifiers, 1)
    }
    return office("ppt", parts)


def test_presentations_that_share_slides(tmp_path: Path) -> None:
    one, other, alone = slides(11, 12, 13), slides(12, 13, 14), slides(13, 15, 16)
    assert sorted(relations(tmp_path, one, other, alone)) == [(0, "shared_parts", 1), (1, "shared_parts", 0)]


def test_copies_of_a_presentation_share_all(tmp_path: Path) -> None:
    found = relations(tmp_path, slides(11), slides(11, title="Plans"), slides(0))
    assert sorted(found) == [(0, "shared_parts", 1), (1, "shared_parts", 0)]


def test_workbooks_that_share_a_sheet(tmp_path: Path) -> None:
    def book(identifier: str, rows: str = ROWS) -> bytes:
        sheet = f'<worksheet {S} xmlns:xr="x" xr:uid="{{{identifier}}}"><sheetData>{rows}</sheetData></worksheet>'
        return workbook(rows, more={"xl/worksheets/sheet1.xml": sheet})

    shared, none = "8DC38AAF-2BAA-4FF0-9E39-48F37E21A1E0", "00000000-0001-0000-0000-000000000000"
    changed = ROWS.replace("32.5", "99")
    found = relations(tmp_path, book(shared), book(shared, changed), book(none), book(none, changed))
    assert sorted(found) == [(0, "shared_parts", 1), (1, "shared_parts", 0)]
    (shown,) = forensics.show(tmp_path / "case", "0.docx", texts=False)
    assert shown.lineage is not None and (shown.lineage.shared, shown.lineage.documents) == (1, 2)


def test_a_templates_slides_tell_nothing(tmp_path: Path) -> None:
    assert relations(tmp_path, *[slides(1, 2, 100 + n) for n in range(MOST + 1)]) == []
