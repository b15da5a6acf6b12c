"""Families of documents in the report: what an entry says, what the list shows, and what is left out of both."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from forensics import ScanOptions, restrict, scan
from forensics.casestore import CaseFolder, Queries
from forensics.knowledge.wording import Wording
from forensics.model.findings import Ranked
from forensics.model.summary import CaseSummary
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_lineage import MOST, read_families
from forensics.report.families import Families
from forensics.report.html import render
from forensics.report.public import for_public
from tests.parsers.document.word_files import core, paragraph, word

pytestmark = pytest.mark.usefixtures("in_process")

OLD = [f"00AA000{n}" for n in range(3)]
ALONE = [f"00BB000{n}" for n in range(3)]


def document(sessions: list[str]) -> bytes:
    properties = core(created="2017-03-01T09:00", modified=f"2017-03-{len(sessions):02}T10:00", saves="4")
    return word(sessions, paragraph("The grant.", sessions[0]), properties=properties)


OLDEST, MIDDLE, NEWEST = document(OLD), document([*OLD, "00CC0001"]), document([*OLD, "00CC0001", "00CC0002"])
FILES = {
    "old.docx": OLDEST,
    "secret/middle.docx": MIDDLE,
    "new.docx": NEWEST,
    "other/a.docx": document(ALONE),
    "other/b.docx": document([*ALONE, "00DD0001"]),
}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("families")
    for name, data in FILES.items():
        (folder / "leak" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "leak" / name).write_bytes(data)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return folder / "case"


@pytest.fixture
def queries(case: Path) -> Iterator[Queries]:
    with Queries(CaseFolder.open(case)) as opened:
        yield opened


@pytest.fixture
def with_families(summary: CaseSummary, queries: Queries) -> CaseSummary:
    """A report whose first entry is about the newest document."""
    families, count = read_families(queries, [digest(NEWEST)])
    line = summary.ranking[0]
    assert line.item is not None and families
    ref = families[0].members[-1].ref
    facts = replace(summary.items[line.item.sha256], ref=ref, occurrences=(ref.location,))
    return replace(
        summary,
        ranking=(replace(line, item=ref, partners=()), *summary.ranking[1:]),
        items={**summary.items, ref.sha256: facts},
        families=families,
        families_count=count,
    )


def said(summary: CaseSummary, ranked: Ranked, language: str = "en") -> list[str]:
    (found,) = Families(summary.families, Wording(language), public=summary.public).of(ranked)
    return list(found.said)


def test_families_of_entries_come_first_in_the_order_of_derivation(queries: Queries) -> None:
    for first, documents in ((digest(NEWEST), 3), (digest(FILES["other/a.docx"]), 2)):
        families, count = read_families(queries, [first])
        assert count == 2 and [one.documents for one in families] == [documents, 5 - documents]
        assert [one.place for one in families[0].members] == list(range(1, documents + 1))
        assert [one.other for one in families[0].members] == list(range(documents))
    assert MOST >= 3


def test_an_entry_says_from_which_document_its_own_was_made(with_families: CaseSummary) -> None:
    line = with_families.ranking[0]
    assert said(with_families, line) == [
        "By its editing sessions made from secret/middle.docx or a copy of it: it lists all 4 editing sessions of "
        "that, and 1 more"
    ]
    page = render(with_families)
    assert 'href="#family-1"' in page and 'id="family-1" open' in page and f'<a href="#rank-{line.rank}">' in page
    assert "No. 3 of 3 in family 1" in page and "other/b.docx" in page
    assert "issu du document secret/middle.docx" in said(with_families, line, "fr")[0]
    first = replace(line, item=with_families.families[0].members[0].ref)
    assert said(with_families, first) == ["From it 1 document here was made: secret/middle.docx"]


def test_the_public_edition_names_no_document_and_no_family_of_others(with_families: CaseSummary) -> None:
    edition = for_public(with_families, [], Wording("en"))
    assert said(edition, edition.ranking[0])[0].startswith(
        f"By its editing sessions made from {digest(MIDDLE)[:16]} or"
    )
    (family,) = edition.families
    assert [one.saved is not None for one in family.members] == [False, False, True]
    page = render(edition)
    assert not [name for name in FILES if name in page] and digest(FILES["other/a.docx"])[:16] not in page
    assert "1 more family of documents is not shown in this edition." in page


def test_of_a_document_that_may_not_be_quoted_only_a_number_is_told(
    case: Path, with_families: CaseSummary, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text("secret/\n")
    listed = Path(shutil.copytree(case, tmp_path / "case"))
    restrict(listed, tmp_path / "list.txt")
    with Queries(CaseFolder.open(listed)) as opened:
        shown = Gate(opened).summary(with_families)
    old, middle, new = shown.families[0].members
    assert "middle" not in middle.ref.location.text and (middle.relation, middle.sessions, middle.saved) == (
        "",
        0,
        None,
    )
    assert (new.relation, new.other, new.shared) == ("", 0, 0) and new.sessions == 5 and old.relation == "first"
    assert "middle.docx" not in render(replace(shown, findings={}, ranking=()))
