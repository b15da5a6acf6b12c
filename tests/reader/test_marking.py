"""Marks are added and never overwritten, stand beside results, and change none of them."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

import forensics
from forensics.casestore import CaseFolder, discard_unlogged, table_files
from forensics.errors import AmbiguousItem, CaseLocked, NotJudged, UnknownItem, UsageError

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
NOTE = "seen with Ann:\n\x1b[31m=1+1 \u202e \u00e9\u4e00"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a leak and its case."""
    found = tmp_path_factory.mktemp("home")
    shutil.copytree(LEAK, found / "leak")
    forensics.scan(str(found / "leak"), str(found / "case"), forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    return found


@pytest.fixture
def case(home: Path, tmp_path: Path) -> Path:
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home" / "case"


def first(case: Path) -> str:
    with forensics.open_case(case) as opened:
        return opened.item(1).ref.sha256


def beside(case: Path, digest: str) -> set[tuple[str, str, str]]:
    """Return the marks of an item as every list shows them, which must be the same."""
    with forensics.open_case(case) as opened:
        shown = [
            next(line for line in opened.items() if line.sha256 == digest).marks,
            next(line for line in opened.rank() if digest in [ref.sha256 for ref in line.items]).marks,
            next(line for line in opened.findings() if line.item.sha256 == digest).marks,
            opened.members(digest)[0].marks,
        ]
    found = [{(one.mark, one.by, one.note) for one in marks} for marks in shown]
    assert all(one == found[0] for one in found)
    return found[0]


def test_a_mark_stands_everywhere_and_changes_nothing_that_was_judged(case: Path) -> None:
    digest = first(case)
    tables = {name: files for name, files in table_files(CaseFolder.open(case)).items() if name != "marks"}
    before = [(line.rank, line.score, line.strength, line.reasons) for line in forensics.rank(case)]
    done = forensics.mark(case, digest[:10], "reviewed", note=NOTE, by=" Ann ")
    assert ([ref.sha256 for ref in done.items], done.by, done.act) == ([digest], "Ann", 1)
    assert beside(case, digest) == {("reviewed", "Ann", NOTE)}
    assert before == [(line.rank, line.score, line.strength, line.reasons) for line in forensics.rank(case)]
    assert tables == {name: files for name, files in table_files(CaseFolder.open(case)).items() if name != "marks"}
    assert forensics.reached(case).settled
    assert done.head == CaseFolder.open(case).custody.head()


def test_of_each_reader_the_latest_act_counts(case: Path) -> None:
    digest = first(case)
    forensics.mark(case, digest, "question", by="Ann")
    forensics.mark(case, digest, "keep", by="Bob")
    forensics.mark(case, digest, "innocent", note="a list that changes it", by="Ann")
    assert beside(case, digest) == {("innocent", "Ann", "a list that changes it"), ("keep", "Bob", "")}
    forensics.mark(case, digest, by="Ann", undo=True)
    assert beside(case, digest) == {("keep", "Bob", "")}
    with pytest.raises(UsageError, match="no mark by 'Ann'"):
        forensics.mark(case, digest, by="Ann", undo=True)
    acts = [(line.act, line.mark, line.by, line.stands) for line in forensics.marks(case, digest)]
    assert acts == [
        (1, "question", "Ann", False),
        (2, "keep", "Bob", True),
        (3, "innocent", "Ann", False),
        (4, "undone", "Ann", False),
    ]
    forensics.mark(case, digest, "keep", by="Ann")
    assert {(mark, by) for mark, by, _ in beside(case, digest)} == {("keep", "Ann"), ("keep", "Bob")}


def test_the_log_has_who_and_which_item_and_no_content(case: Path) -> None:
    digest = first(case)
    forensics.mark(case, digest, "question", note=NOTE, by="Ann")
    line = CaseFolder.open(case).custody.lines()[-1]
    assert (line.action, line.details["mark"], line.details["by"], line.details["item"]) == (
        *("mark", "question", "Ann"),
        digest,
    )
    assert line.details["note_sha256"] == hashlib.sha256(NOTE.encode()).hexdigest()
    assert "seen with" not in json.dumps(msgspec.to_builtins(line))


def test_an_item_that_was_not_read_is_marked_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    shutil.copy(LEAK / sorted(path.name for path in LEAK.iterdir() if path.is_file())[0], tmp_path / "leak")
    (tmp_path / "leak" / "away").symlink_to("/nowhere")
    case = tmp_path / "case"
    forensics.scan(tmp_path / "leak", case, forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    (unread,) = [line for line in forensics.items(case) if not line.sha256]
    forensics.mark(case, unread.location.text, "question", by="Ann")
    marked = [line for line in forensics.items(case) if line.marks]
    assert [line.location.text for line in marked] == [unread.location.text]
    details = CaseFolder.open(case).custody.lines()[-1].details
    assert details["item"].startswith("place:") and "away" not in json.dumps(details)


def test_a_later_scan_keeps_marks_and_has_nothing_to_do(case: Path) -> None:
    digest = first(case)
    forensics.mark(case, digest, "keep", by="Ann")
    assert forensics.reached(case).settled
    skipped = len(CaseFolder.open(case).custody.lines())
    forensics.scan(case.parent / "leak", case, forensics.ScanOptions(jobs=1))
    later = CaseFolder.open(case).custody.lines()[skipped:]
    assert all(line.details.get("skipped") for line in later if line.action == "stage")
    assert not [line for line in later if line.action == "unit"]
    assert beside(case, digest) == {("keep", "Ann", "")}


def test_what_stands_in_an_opened_case_is_not_disturbed(case: Path) -> None:
    with forensics.open_case(case) as opened:
        before = list(opened.rank())
        forensics.mark(case, 1, "keep", by="Ann")
        assert list(opened.rank()) == before


def test_a_mark_that_was_cut_off_loses_no_earlier_one(case: Path) -> None:
    digest = first(case)
    forensics.mark(case, digest, "keep", by="Ann")
    folder = CaseFolder.open(case)
    (file,) = table_files(folder, ["marks"])["marks"]
    torn = file.with_name("mark-000002.parquet")
    torn.write_bytes(file.read_bytes()[:100])  # written, and stopped before its line
    assert beside(case, digest) == {("keep", "Ann", "")}
    forensics.mark(case, digest, "reviewed", by="Bob")
    assert {by for _, by, _ in beside(case, digest)} == {"Ann", "Bob"}
    with folder.lock():
        assert discard_unlogged(folder) == ()


def test_verify_tells_a_changed_mark_and_takes_new_ones(case: Path) -> None:
    head = forensics.verify(case, head=None).head
    forensics.mark(case, 1, "keep", by="Ann", note="x")
    after = forensics.verify(case, head=head)
    assert (after.problems, after.changed_later) == ((), ())
    assert [(line.action, line.added) for line in after.later] == [("mark", ("tables/marks/mark-000001.parquet",))]
    file = case / "tables" / "marks" / "mark-000001.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    assert [one.code for one in forensics.verify(case).problems] == ["file.changed"]
    file.unlink()
    assert [one.code for one in forensics.verify(case).problems] == ["file.missing"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"verdict": "guilty", "by": "Ann"}, "no mark 'guilty'"),
        ({"verdict": "", "by": "Ann"}, "no mark ''"),
        ({"verdict": "keep", "by": "Ann", "undo": True}, "give no verdict"),
        ({"verdict": "keep"}, "say who you are"),
        ({"verdict": "keep", "by": "  "}, "say who you are"),
        ({"verdict": "keep", "by": "A\nB"}, "control characters"),
        ({"verdict": "keep", "by": "A" * 201}, "at most 200"),
        ({"verdict": "keep", "by": "Ann", "note": "n" * 4001}, "4,001 characters; at most 4,000"),
        ({"verdict": "keep", "by": "Ann", "note": "\udcff"}, "not valid UTF-8"),
        ({"verdict": "keep", "by": "Ann", "note": "a\0b"}, "NUL"),
        ({"verdict": "", "by": "Ann", "undo": True}, "no mark by 'Ann'"),
    ],
)
def test_what_cannot_be_a_mark_is_refused(case: Path, given: dict[str, object], said: str) -> None:
    lines = CaseFolder.open(case).custody.lines()
    with pytest.raises(UsageError, match=said):
        forensics.mark(case, 1, **given)  # type: ignore[arg-type]
    assert CaseFolder.open(case).custody.lines() == lines


def test_references_are_those_of_every_command(case: Path) -> None:
    with pytest.raises(UnknownItem):
        forensics.mark(case, "nowhere", "keep", by="Ann")
    with pytest.raises(UnknownItem):
        forensics.mark(case, 999, "keep", by="Ann")
    digest = first(case)
    folder = CaseFolder.open(case)
    with folder.lock(), pytest.raises(CaseLocked):
        forensics.mark(case, 1, "keep", by="Ann")
    folder.custody.append("scan_started", {})
    with pytest.raises(NotJudged):  # a rank may yet move; a digest never does
        forensics.mark(case, 1, "keep", by="Ann")
    assert forensics.mark(case, digest, "keep", by="Ann").items[0].sha256 == digest
    assert issubclass(AmbiguousItem, UsageError)


def test_the_examiner_of_the_case_is_who_marks_where_nobody_is_named(home: Path, tmp_path: Path) -> None:
    options = forensics.ScanOptions(as_of="2017-06-01", jobs=1, examiner="Eve Examiner")
    forensics.scan(home / "leak", tmp_path / "case", options)
    at = datetime(2017, 6, 2, 9, 30, tzinfo=UTC)
    assert forensics.mark(tmp_path / "case", 1, "keep", clock=lambda: at).by == "Eve Examiner"
    (line,) = forensics.marks(tmp_path / "case", 1)
    assert line.time == "2017-06-02T09:30:00Z"


def test_the_report_shows_marks(case: Path, tmp_path: Path) -> None:
    forensics.mark(case, 1, "question", note="ask <b>the</b> registrar\u202e", by="Ann")
    forensics.write_report(case)
    page = (case / "report.html").read_text()
    assert "question by Ann" in page.replace("Marked ", "") and "&lt;b&gt;the" in page
    assert "registrar\\u202e" in page


def test_sql_reads_marks(case: Path) -> None:
    forensics.mark(case, 1, "question", by="Ann")
    with forensics.open_case(case) as opened:
        assert list(opened.sql("SELECT mark, author FROM marks")) == [("question", "Ann")]
