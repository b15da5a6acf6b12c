"""A file is written whole and logged, outside of case and sources, or it is not there."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import forensics
from forensics.casestore import CaseFolder, Custody
from forensics.engine.desk.desk import Desk

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
TEXT = b"From: a@x.example\nSubject: one\n\nwords\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a leak and its case."""
    found = tmp_path_factory.mktemp("home")
    shutil.copytree(LEAK, found / "leak")
    (found / "leak" / "one.eml").write_bytes(TEXT)
    (found / "leak" / "below").mkdir()
    forensics.scan(found / "leak", found / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    return found


@pytest.fixture
def out(home: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder to write to; whatever a test does, the source stays as it is."""

    def state() -> list[tuple[str, int]]:
        return sorted([(str(path), path.stat().st_mtime_ns) for path in (home / "leak").rglob("*")])

    before = state()
    yield tmp_path
    assert state() == before


def lines(home: Path) -> list[str]:
    return [line.action for line in CaseFolder.open(home / "case").custody.lines()]


def test_every_item_that_was_read_can_be_written(home: Path, out: Path) -> None:
    with forensics.open_case(home / "case") as case:
        digests = sorted({line.sha256 for line in case.items() if line.sha256})
    for digest in digests:
        found = forensics.extract(home / "case", digest, out / digest)
        assert hashlib.sha256((out / digest).read_bytes()).hexdigest() == digest == found.sha256
        assert (out / digest).stat().st_mode & 0o777 == 0o600
    assert len(digests) > 15, "attachments and members of archives among them"
    assert lines(home)[-len(digests) :] == ["extract"] * len(digests)


def test_the_log_says_what_was_written_and_no_name(home: Path, out: Path) -> None:
    found = forensics.extract(home / "case", "one.eml", out / "some name.eml")
    assert (found.path, found.size) == (out / "some name.eml", len(TEXT))
    last = list(CaseFolder.open(home / "case").custody.lines())[-1]
    assert (last.action, last.files) == ("extract", {})
    assert last.details == {"sha256": hashlib.sha256(TEXT).hexdigest(), "size": str(len(TEXT))}
    verified = forensics.verify(home / "case", head=found.head)
    assert (verified.problems, verified.head) == ((), found.head)
    with forensics.open_case(home / "case") as case:
        assert case.reached().settled and list(case.rank())


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder"])
def test_nothing_that_exists_is_written_over(kind: str, home: Path, out: Path) -> None:
    place = out / "there"
    if kind == "folder":
        place.mkdir()
    elif kind == "file":
        place.write_bytes(b"mine")
    else:
        place.symlink_to(out / "elsewhere")
        if kind == "link":
            (out / "elsewhere").write_bytes(b"mine")
    before, logged = sorted(out.iterdir()), lines(home)
    with pytest.raises(forensics.UsageError, match="exists"):
        forensics.extract(home / "case", "one.eml", place)
    assert sorted(out.iterdir()) == before and lines(home) == logged
    assert kind == "folder" or not place.exists() or place.read_bytes() == b"mine"


@pytest.mark.parametrize("where", ["case", "case/tables", "leak", "leak/below", "case/../leak/below"])
@pytest.mark.parametrize("way", ["straight", "link", "descriptor"])
def test_nothing_is_written_into_a_case_or_a_source(where: str, way: str, home: Path, out: Path) -> None:
    folder = home / where
    if way == "link":
        (out / "way").symlink_to(folder)
        folder = out / "way"
    opened = os.open(folder, os.O_RDONLY)
    try:
        if way == "descriptor":
            folder = Path(f"/proc/self/fd/{opened}")
        before = sorted(os.listdir(folder))  # noqa: PTH208  names alone
        with pytest.raises(forensics.UsageError, match="lies inside"):
            forensics.extract(home / "case", "one.eml", folder / "new")
        assert sorted(os.listdir(folder)) == before  # noqa: PTH208
    finally:
        os.close(opened)


def test_nor_into_a_source_where_it_lies_now_or_lay(home: Path, out: Path) -> None:
    shutil.copytree(home / "leak", out / "moved")
    moved = [f"leak={out / 'moved'}"]
    for folder in (out / "moved", home / "leak"):
        with pytest.raises(forensics.UsageError, match="lies inside"):
            forensics.extract(home / "case", "one.eml", folder / "new", sources=moved)
    assert forensics.extract(home / "case", "one.eml", out / "new", sources=moved).size == len(TEXT)


@pytest.mark.parametrize("name", ["missing/new", "file/new", "..", "/", "x" * 300])
def test_a_place_that_is_none_is_refused(name: str, home: Path, out: Path) -> None:
    (out / "file").write_bytes(b"")
    with pytest.raises(forensics.UsageError):
        forensics.extract(home / "case", "one.eml", out / name)
    assert [path.name for path in out.iterdir()] == ["file"]


def test_what_is_not_the_item_is_removed_again(home: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(home / "leak", out / "moved")
    (out / "moved" / "one.eml").write_bytes(TEXT.replace(b"words", b"WORDS"))
    moved, logged = [f"leak={out / 'moved'}"], lines(home)
    with pytest.raises(forensics.IntegrityError):
        forensics.extract(home / "case", "one.eml", out / "new", sources=moved)

    def lies(*_: object) -> Iterator[bytes]:
        yield TEXT[:9]
        yield TEXT[10:]

    monkeypatch.setattr(Desk, "_stream", lies)
    with pytest.raises(forensics.IntegrityError, match="not those that were scanned"):
        forensics.extract(home / "case", "one.eml", out / "new")
    assert not (out / "new").exists() and lines(home) == logged


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_could_not_be_logged_or_was_stopped_is_removed_again(
    error: BaseException, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Custody, "_put", fails)
        with pytest.raises((forensics.StorageFull, KeyboardInterrupt)):
            forensics.extract(home / "case", "one.eml", out / "new")
    assert list(out.iterdir()) == []
    assert forensics.verify(home / "case").problems == ()


def test_a_case_that_is_written_to_is_left_alone(home: Path, out: Path) -> None:
    with CaseFolder.open(home / "case").lock(), pytest.raises(forensics.CaseLocked):
        forensics.extract(home / "case", "one.eml", out / "new")
    assert list(out.iterdir()) == []


def test_what_names_nothing_or_was_not_read_makes_no_file(home: Path, out: Path) -> None:
    shutil.copytree(home / "leak", out / "leak")
    (out / "leak" / "link").symlink_to("elsewhere")
    forensics.scan(out / "leak", out / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    with pytest.raises(forensics.UnknownItem):
        forensics.extract(out / "case", "no such thing", out / "new")
    with pytest.raises(forensics.IntakeError, match="was not read"):
        forensics.extract(out / "case", "link", out / "new")
    assert not (out / "new").exists()
