"""One opening of a case answers as the functions do, streams, and says what it cannot answer."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import forensics
from forensics.casestore import CaseFolder

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
PAGE = b"From: a@x.example\nTo: b@y.example\nSubject: page\nMIME-Version: 1.0\nContent-Type: text/html\n\n%s\n" % (
    b"<html><head><title>no</title><style>p {}</style></head>"
    b"<body><p>one\ntwo</p><script>no()</script>three</body></html>"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a leak and its case."""
    found = tmp_path_factory.mktemp("home")
    shutil.copytree(LEAK, found / "leak")
    (found / "leak" / "page.eml").write_bytes(PAGE)
    forensics.scan(str(found / "leak"), str(found / "case"), forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    return found


@pytest.fixture
def case(home: Path) -> Iterator[forensics.Case]:
    with forensics.open_case(home / "case") as opened:
        yield opened


@pytest.fixture
def unfinished(home: Path, tmp_path: Path) -> Path:
    """The same case after a scan that was begun and stopped."""
    shutil.copytree(home / "case", tmp_path / "case")
    CaseFolder.open(tmp_path / "case").custody.append("scan_started", {})
    return tmp_path / "case"


def test_it_answers_as_the_functions_do(home: Path, case: forensics.Case) -> None:
    path = str(home / "case")
    assert list(case.items()) == list(forensics.items(path)) != []
    assert list(case.rank()) == list(forensics.rank(path)) != []
    assert list(case.findings()) == list(forensics.findings(path)) != []
    assert list(case.set_aside()) == list(forensics.set_aside(path))
    (shown,) = forensics.show(path, "#1")
    assert shown.facts == case.item(1) == case.item("#1") and shown.facts.timestamps
    assert shown.findings == tuple(case.findings(1)) != ()
    dated = [at for at in case.timeline() if isinstance(at.time.instant, int)]
    lines = [line for line in forensics.timeline(path) if isinstance(line.timestamp, int)]
    assert sorted(at.sha256 for at in dated) == sorted(line.sha256 for line in lines)


def test_every_item_is_the_same_from_memory_as_from_the_files(home: Path, case: forensics.Case) -> None:
    digests = sorted({line.sha256 for line in case.items() if line.sha256})
    for digest in digests:  # the first alone, then by the index
        with forensics.open_case(home / "case") as other:
            assert other.members(digest) == case.members(digest)


def test_items_may_be_asked_for_while_a_list_is_open(case: forensics.Case) -> None:
    seen = [(line.sha256, case.members(line.location.text)) for line in case.items() if line.sha256]
    assert len(seen) == len([line for line in case.items() if line.sha256])
    assert all(digest in {facts.ref.sha256 for facts in found} for digest, found in seen)


def test_findings_and_times_of_one_item(case: forensics.Case) -> None:
    (first,) = {
        subject.sha256 for finding in case.findings(1) for subject in finding.subjects if subject.role == "suspect"
    }
    assert first == case.item(1).ref.sha256
    everything = [one for one in case.findings() if first in {subject.sha256 for subject in one.subjects}]
    bare = [msgspec.structs.replace(one, item=msgspec.structs.replace(one.item, label=None)) for one in everything]
    assert list(case.findings(first)) == bare
    assert {at.sha256 for at in case.timeline(1)} == {first}
    strong = list(case.findings(strength="strong"))
    assert strong == [one for one in case.findings() if one.strength == "strong"]


def test_what_was_not_read_is_known_by_its_place_and_takes_nothing_of_others(tmp_path: Path) -> None:
    shutil.copytree(LEAK, tmp_path / "leak")
    for name in ("one.txt", "two.txt"):
        (tmp_path / "leak" / name).symlink_to("elsewhere")
    forensics.scan(tmp_path / "leak", tmp_path / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    with forensics.open_case(tmp_path / "case") as case:
        facts = case.item("two.txt")
        assert (facts.ref.sha256, [place.text for place in facts.occurrences]) == ("", ["two.txt"])
        assert list(case.findings()) and list(case.findings("two.txt")) == []
        assert [at.location.text for at in case.timeline("two.txt")] == ["two.txt"]
    (shown,) = forensics.show(tmp_path / "case", "two.txt")
    assert (shown.facts, shown.findings) == (facts, ())


def test_mails(case: forensics.Case) -> None:
    mails = {mail.location.text: mail for mail in case.messages()}
    page = mails["page.eml"]
    assert (page.sender, page.subject.value, page.date) == ("a@x.example", "page", None)
    assert [(party.field, party.address) for party in page.parties] == [("from", "a@x.example"), ("to", "b@y.example")]
    assert page.subject.raw == b"Subject: page\n"
    texts = [(mail.location.source, mail.location.text) for mail in mails.values()]
    assert texts == sorted(texts)


def test_bytes_are_those_that_were_scanned(home: Path, case: forensics.Case) -> None:
    read = 0
    for line in case.items(status="parsed"):
        assert hashlib.sha256(case.read(line.sha256)).hexdigest() == line.sha256
        read += 1
    assert read > 10
    assert case.read("page.eml") == PAGE


def test_bytes_of_a_changed_or_missing_source_are_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "leak", tmp_path / "moved")
    (tmp_path / "moved" / "page.eml").write_bytes(PAGE.replace(b"three", b"seven"))
    with forensics.open_case(home / "case", sources={"leak": str(tmp_path / "moved")}) as moved:
        with pytest.raises(forensics.IntegrityError):
            moved.read("page.eml")
        with pytest.raises(forensics.IntegrityError):
            moved.text("page.eml")
        assert moved.item("page.eml").notices[-1].code == "engine.source_not_read"
    nowhere = [f"leak={tmp_path / 'nowhere'}"]
    with forensics.open_case(home / "case", sources=nowhere) as gone, pytest.raises(forensics.IntakeError):
        gone.read("page.eml")
    with pytest.raises(forensics.UsageError):
        forensics.open_case(home / "case", sources={"other": tmp_path})


def test_a_page_is_told_as_text_with_its_place(case: forensics.Case) -> None:
    text = case.text("page.eml")
    (part,) = text.parts
    assert (part.text, part.media_type, part.locator.path, part.whole) == (
        "one two\nthree",
        "text/html",
        "part:1",
        True,
    )
    ((start, end),) = part.locator.ranges
    assert PAGE[start:end].startswith(b"<html>") and end == len(PAGE)
    assert text.shown == "one two\nthree"


def test_an_archive_has_no_text(case: forensics.Case) -> None:
    with pytest.raises(forensics.NoText):
        case.text("files/packed.zip")
    assert case.text("files/notes.txt").parts[0].text == (LEAK / "files" / "notes.txt").read_text()


def test_results_of_an_unfinished_case_are_refused_unless_asked_for(unfinished: Path) -> None:
    with forensics.open_case(unfinished) as case:
        for ask in (case.rank, case.findings, case.set_aside, lambda: case.item(1), lambda: case.read("#1")):
            with pytest.raises(forensics.NotJudged) as raised:
                ask()
            assert (raised.value.code, raised.value.exit_code) == ("not_judged", 6)
        assert list(case.items()) and list(case.messages()) and list(case.timeline())
        assert not case.reached().settled
    with forensics.open_case(unfinished, partial=True) as case:
        assert list(case.rank()) and list(case.findings()) and case.item(1)


def test_a_scan_that_begins_meanwhile_is_noticed(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "case", tmp_path / "case")
    with forensics.open_case(tmp_path / "case") as case:
        assert list(case.rank())
        custody = CaseFolder.open(tmp_path / "case").custody
        custody.append("scan_started", {})
        with pytest.raises(forensics.NotJudged):
            case.rank()
        custody.append("unit_removed", {"unit": "u"}, {"tables/findings/grade.parquet": ""})
        custody.append("case_tables", {})
        custody.append("scan_finished", {})
        with pytest.raises(forensics.CaseChanged):
            case.rank()


def test_a_closed_case_answers_no_more(home: Path) -> None:
    case = forensics.open_case(home / "case")
    list(case.items())
    case.close()
    case.close()
    for ask in (case.items, case.rank, lambda: case.sql("SELECT 1")):
        with pytest.raises(forensics.UsageError, match="closed"):
            ask()


def test_arguments_are_checked_at_once(case: forensics.Case) -> None:
    for ask in (lambda: case.items(status="x"), lambda: case.findings(strength="x"), lambda: case.findings(rule="x")):
        with pytest.raises(forensics.UsageError):
            ask()


def test_what_is_returned_can_be_written_as_json(case: forensics.Case) -> None:
    for one in (case.item(1), next(case.messages()), next(case.timeline()), case.text(1)):
        assert msgspec.json.encode(one)
