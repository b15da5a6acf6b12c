"""A case is searched by its index, and every answer says how much was looked through."""

import io
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import forensics
from forensics.casestore import CaseFolder
from forensics.model.searching import Coverage, TextState
from forensics.reader.searching import building

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = (
    "From: Zoé Noël <zoe@firm.example>\nTo: bob@other.example\nSubject: {subject}\n"
    "Date: Mon, 06 Mar 2017 10:00:00 +0100\nMessage-ID: <{id}@firm.example>\nMIME-Version: 1.0\n"
    "Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
)
LOCKED = (
    "From: a@x.example\nTo: b@y.example\nSubject: sealed letter\nMIME-Version: 1.0\n"
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\n\n--b\n'
    "Content-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: application/octet-stream\n\n"
    "-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n\n--b--\n"
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def document(text: str) -> bytes:
    made = io.BytesIO()
    body = f'<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(
            "[Content_Types].xml", f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
        )
        file.writestr("word/document.xml", body)
    return made.getvalue()


FILES: dict[str, bytes] = {
    "one.eml": MAIL.format(subject="Réunion", id="1", kind="plain", text="The œuvre was paid, invoice 4711.").encode(),
    "copy/one.eml": MAIL.format(
        subject="Réunion", id="1", kind="plain", text="The œuvre was paid, invoice 4711."
    ).encode(),
    "page.eml": MAIL.format(
        subject="Page", id="2", kind="html", text="<p>東京都庁で<b>会議</b></p><script>invoice</script>"
    ).encode(),
    "sealed.eml": LOCKED.encode(),
    "plan.docx": document("The annual report names\u202e the payer"),
    "picture.jpg": PICTURE,
    "program.exe": b"MZ" + bytes(200),
    "note.txt": b"a line of text",
}


def scan(home: Path) -> Path:
    forensics.scan(str(home / "leak"), str(home / "case"), forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    return home / "case"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for name, data in FILES.items():
        (home / "leak" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "leak" / name).write_bytes(data)
    scan(home)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A folder of its own with leak and case, the case without an index."""
    shutil.copytree(made / "case", tmp_path / "case")
    shutil.copytree(made / "leak", tmp_path / "leak")
    return tmp_path


@pytest.fixture(scope="module")
def built(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with an index."""
    home = tmp_path_factory.mktemp("built")
    shutil.copytree(made / "case", home / "case")
    forensics.build_index(home / "case")
    return home / "case"


@pytest.fixture
def case(built: Path) -> Iterator[forensics.Case]:
    with forensics.open_case(built) as opened:
        yield opened


def states(coverage: Coverage) -> dict[str, int]:
    return {state.value: n for state, n in coverage.outcomes}


def names(case: forensics.Case, words: str) -> list[str]:
    return [line.location.text for line in case.search(words)]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("oeuvre", ["copy/one.eml"]),
        ("4711 invoice", ["copy/one.eml"]),
        ('"invoice 4711"', ["copy/one.eml"]),
        ('"4711 invoice"', []),
        ("会議", ["page.eml"]),
        ("script", []),
        ("annual", ["plan.docx"]),
        ("REUNION", ["copy/one.eml"]),
        ("noel", ["copy/one.eml", "page.eml"]),
        ("zoe@firm.example", ["copy/one.eml", "page.eml"]),
        ("docx", ["plan.docx"]),
        ("picture", ["picture.jpg"]),
        ("sealed", ["sealed.eml"]),
        ("hq", []),
        ("line", ["note.txt"]),
        ("réunion payer", []),
    ],
)
def test_words_are_found_in_subjects_names_and_texts(case: forensics.Case, words: str, where: list[str]) -> None:
    assert names(case, words) == where
    assert case.search(words).count() == len(where)
    assert len(case.digests(words)) == len(where)


def test_a_line_says_what_it_is_and_shows_the_words_as_they_stand(case: forensics.Case) -> None:
    (line,) = case.search("oeuvre")
    assert (line.places, line.subject, line.sender) == (2, "Réunion", "zoe@firm.example")
    assert line.date == "2017-03-06T10:00:00+01:00"
    assert line.excerpt is not None
    assert (line.excerpt.text, line.excerpt.where) == ("The œuvre was paid, invoice 4711. ", "text")
    assert [line.excerpt.text[start:end] for start, end in line.excerpt.found] == ["œuvre"]
    (line,) = case.search("reunion")
    assert line.excerpt is not None and (line.excerpt.text, line.excerpt.where) == ("Réunion", "subject")
    (line,) = case.search("names payer")
    assert line.excerpt is not None and "names\u202e the" in line.excerpt.text
    (line,) = case.search("oeuvre", excerpts=False)
    assert line.excerpt is None


def test_everything_that_was_not_looked_through_is_counted_by_reason(case: forensics.Case) -> None:
    coverage = case.search("nowhere").coverage
    assert states(coverage) == {"whole": 5, "encrypted": 2, "picture": 1, "no_reader": 1}
    assert (coverage.items, coverage.added, coverage.gone, coverage.indexed, coverage.whole) == (9, 0, 0, True, True)
    assert not coverage.complete


def test_two_builds_are_the_same_in_all_but_their_time(home: Path) -> None:
    one, other = forensics.build_index(home / "case"), forensics.build_index(home / "case")
    assert one.coverage.outcomes == other.coverage.outcomes
    assert one.sha256 == other.sha256
    assert (home / "case" / "index.sqlite").stat().st_mode & 0o777 == 0o600
    assert forensics.verify(home / "case", head=one.head).problems == ()


def test_no_text_stands_in_the_file(built: Path) -> None:
    raw = (built / "index.sqlite").read_bytes()
    assert b"was paid" not in raw
    assert b"annual report" not in raw
    with sqlite3.connect(built / "index.sqlite") as connection:
        assert connection.execute("SELECT text FROM words WHERE words MATCH 'annual'").fetchall() == [(None,)]


def test_without_an_index_subjects_and_names_alone_are_searched_and_that_is_said(home: Path) -> None:
    with forensics.open_case(home / "case") as case:
        assert [line.excerpt is not None for line in case.search("reunion")] == [True]
        found = case.search("oeuvre")
        assert (list(found), found.coverage.indexed, found.coverage.items) == ([], False, 9)
        assert not found.coverage.complete
        with pytest.raises(forensics.NoIndex):
            case.digests("oeuvre")


def test_parts_of_words_are_found_in_the_tables(home: Path) -> None:
    with forensics.open_case(home / "case") as case:
        assert [line.location.text for line in case.search("union", part=True)] == ["copy/one.eml"]
        (line,) = case.search("<2@FIRM", part=True)
        assert line.excerpt is not None and line.excerpt.where == "ids"
        assert [line.location.text for line in case.search("ictur", part=True)] == ["picture.jpg"]
        assert case.search("'; DROP TABLE x; --", part=True).count() == 0
        for words in ("", "x" * 10_000):
            with pytest.raises(forensics.UsageError):
                case.search(words, part=True)


def test_items_that_were_read_since_are_not_in_the_index_and_that_is_said(made: Path, tmp_path: Path) -> None:
    home = tmp_path
    shutil.copytree(made / "leak", home / "leak")
    scan(home)
    forensics.build_index(home / "case")
    (home / "leak" / "new.txt").write_bytes(b"a new invoice")
    (home / "leak" / "note.txt").unlink()
    scan(home)
    with forensics.open_case(home / "case") as case:
        found = case.search("invoice")
        assert [line.location.text for line in found] == ["copy/one.eml"]
        assert (found.coverage.added, found.coverage.gone, found.coverage.items) == (1, 1, 9)
        assert states(found.coverage) == {"whole": 4, "encrypted": 2, "picture": 1, "no_reader": 1}
        assert case.search("line").count() == 0  # its item is gone
    forensics.build_index(home / "case")
    with forensics.open_case(home / "case") as case:
        found = case.search("invoice")
        assert [line.location.text for line in found] == ["copy/one.eml", "new.txt"]
        assert (found.coverage.added, found.coverage.gone) == (0, 0)


def test_a_source_that_is_not_at_hand_or_not_the_same_is_counted(home: Path) -> None:
    (home / "leak" / "note.txt").write_bytes(b"a line of next")
    built = forensics.build_index(home / "case", {"leak": home / "leak"})
    assert states(built.coverage) == {"whole": 4, "encrypted": 2, "picture": 1, "no_reader": 1, "changed": 1}
    shutil.rmtree(home / "leak")
    with forensics.open_case(home / "case", sources={"leak": home / "leak"}) as case:
        (line,) = case.search("oeuvre")
        assert (line.excerpt, line.outcome) == (None, TextState.MISSING)
    built = forensics.build_index(home / "case", {"leak": home / "leak"})
    assert states(built.coverage) == {"encrypted": 1, "missing": 6, "picture": 1, "no_reader": 1}
    with forensics.open_case(home / "case") as case:
        assert [line.location.text for line in case.search("reunion")] == ["copy/one.eml"]


def test_a_build_that_is_stopped_leaves_what_was_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = forensics.build_index(home / "case")

    def stop(seen: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(forensics.Interrupted):
        forensics.build_index(home / "case", progress=stop)
    assert [path.name for path in (home / "case" / "tmp").iterdir()] == []
    assert CaseFolder.open(home / "case").custody.head() == before.head
    with forensics.open_case(home / "case") as case:
        assert names(case, "oeuvre") == ["copy/one.eml"]


def test_a_full_disk_makes_no_index(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise forensics.StorageFull("no space")

    monkeypatch.setattr(building, "keep_index", full)
    with pytest.raises(forensics.StorageFull):
        forensics.build_index(home / "case")
    assert not (home / "case" / "index.sqlite").exists()


def test_an_index_that_was_changed_is_not_asked(home: Path) -> None:
    forensics.build_index(home / "case")
    with sqlite3.connect(home / "case" / "index.sqlite") as connection:
        connection.execute("UPDATE items SET outcome = 'picture'")
    connection.close()
    (problem,) = forensics.verify(home / "case").problems
    assert (problem.code, problem.where) == ("file.changed", "index.sqlite")
    with forensics.open_case(home / "case") as case, pytest.raises(forensics.IntegrityError):
        case.search("oeuvre")
    forensics.build_index(home / "case")
    assert forensics.verify(home / "case").problems == ()


def test_an_index_that_is_lost_or_removed_is_no_problem(home: Path) -> None:
    head = forensics.build_index(home / "case").head
    (home / "case" / "index.sqlite").unlink()
    assert forensics.verify(home / "case", head=head).problems == ()
    with forensics.open_case(home / "case") as case:
        assert not case.search("oeuvre").coverage.indexed
    forensics.build_index(home / "case")
    gone = forensics.remove_index(home / "case")
    assert (gone.removed, (home / "case" / "index.sqlite").exists()) == (True, False)
    assert forensics.verify(home / "case", head=head).problems == ()
    assert forensics.remove_index(home / "case").removed is False
    lines = CaseFolder.open(home / "case").custody.lines()
    assert [line.action for line in lines if "index" in line.action] == ["index", "index", "index_removed"]
    assert {line.details["items"] for line in lines if line.action == "index"} == {"9"}


def test_an_index_without_its_line_in_the_log_is_not_asked(home: Path) -> None:
    sqlite3.connect(home / "case" / "index.sqlite").close()
    (home / "case" / "index.sqlite").write_bytes(b"")
    with forensics.open_case(home / "case") as case, pytest.raises(forensics.IntegrityError):
        case.search("oeuvre")
    assert [problem.code for problem in forensics.verify(home / "case").problems] == ["file.added"]


def test_a_case_that_is_written_to_is_not_indexed(home: Path) -> None:
    with CaseFolder.open(home / "case").lock(), pytest.raises(forensics.CaseLocked):
        forensics.build_index(home / "case")


def test_a_case_that_another_scan_began_is_not_said_to_be_whole(home: Path) -> None:
    forensics.build_index(home / "case")
    CaseFolder.open(home / "case").custody.append("scan_started", {})
    with forensics.open_case(home / "case", partial=True) as case:
        coverage = case.search("oeuvre").coverage
        assert (coverage.whole, coverage.complete) == (False, False)
