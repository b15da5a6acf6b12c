"""Lists of checksums, their lines, and what only looks like one; and such lists beside the files that they name."""

import contextlib
import hashlib
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import ScanOptions, findings, scan
from forensics.errors import Malformed, ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Notice
from forensics.parsers.archive import checksums
from forensics.parsers.identify import identify
from tests.parsers.document.test_side_files import facts, read

MD5, SHA256 = hashlib.md5(b"x").hexdigest(), hashlib.sha256(b"x").hexdigest()
GOOD = f"# made on Monday\n{MD5}  a b.doc\r\n{SHA256} *./d\\c.doc\n\nSHA256 (d/\u00e9.doc) = {SHA256}\n".encode()


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (f"{MD5}  a.doc", "checksums.md5", f"{MD5} a.doc"),
        (f"{MD5.upper()} *a.doc", "checksums.md5", f"{MD5} a.doc"),
        (f"{SHA256}\tdata/a.doc", "checksums.sha256", f"{SHA256} data/a.doc"),
        (f"MD5 (a (1).doc) = {MD5}", "checksums.md5", f"{MD5} a (1).doc"),
        (f"SHA256(a.doc)= {SHA256}", "checksums.sha256", f"{SHA256} a.doc"),
    ],
)
def test_each_form_of_a_line(line: str, name: str, value: str) -> None:
    data = line.encode()
    assert identify(data, MemoryBytes(data), b"notes.txt") == "archive.checksums"
    assert [(one.name, one.value) for one in facts(checksums, data).properties] == [(name, value)]


def test_comments_paths_and_bytes_of_a_list() -> None:
    found = facts(checksums, GOOD).properties
    assert [one.value.partition(" ")[2] for one in found] == ["a b.doc", "d/c.doc", "d/%C3%A9.doc"]
    assert [one.locator.path for one in found] == ["line:2", "line:3", "line:4"]


def test_lines_that_any_text_may_have_make_a_list_by_its_name_alone() -> None:
    data = b"; made by x\r\na b.doc 0A1B2C3D\r\n"
    assert identify(data, MemoryBytes(data), b"a.txt") is None
    assert identify(data, MemoryBytes(data), b"a.sfv") == "archive.checksums"
    assert [(one.name, one.value) for one in facts(checksums, data).properties] == [
        ("checksums.crc32", "0a1b2c3d a b.doc")
    ]


@pytest.mark.parametrize(
    "text", [MD5, f"{hashlib.sha1(b'x').hexdigest()} Fix the build", f"{MD5}  a.doc\nand a word\n", "", "# nothing"]
)
def test_what_is_no_list(text: str) -> None:
    data = text.encode()
    assert not checksums.sniff(data, MemoryBytes(data))


def test_a_line_that_is_none_is_told() -> None:
    data = GOOD + b"and a word\n"
    (notice,) = [one for one in read(checksums, data) if isinstance(one, Notice)]
    assert notice.code == "checksums.other_line" and notice.locator is not None
    assert data[slice(*notice.locator.ranges[0])] == b"and a word"
    with pytest.raises(Malformed):
        read(checksums, b"and a word\n")


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_any_change_is_read_or_refused(noise: bytes, at: int) -> None:
    for data in (noise, GOOD[:at] + noise + GOOD[at:]):
        with contextlib.suppress(ParseError):
            assert any(isinstance(one, DocumentFacts) for one in read(checksums, data))


def sums(folder: Path, algorithm: str, name: str) -> None:
    made = [(one.name, hashlib.new(algorithm, one.read_bytes()).hexdigest()) for one in sorted(folder.iterdir())]
    (folder / name).write_text("".join([f"{digest}  {file}\n" for file, digest in made]))


def told(case: Path, rule: str) -> list[str]:
    return [one.statement for one in findings(case) if one.rule == rule]


@pytest.mark.usefixtures("in_process")
def test_files_that_do_not_fit_the_list_beside_them(tmp_path: Path) -> None:
    leak, made = tmp_path / "leak", tmp_path / "made"
    for folder in (leak / "fits", leak / "changed", made):
        folder.mkdir(parents=True)
        for number in range(4):
            (folder / f"{number}.bin").write_bytes(bytes([0, number]) * 9)
        sums(folder, "md5", "all.md5")
    (leak / "changed" / "0.bin").write_bytes(b"\0another")
    (leak / "changed" / "1.bin").unlink()
    (leak / "changed" / "new.bin").write_bytes(b"new")
    (made / "all.md5").unlink()
    sums(made, "sha256", "SHA256SUMS")
    (made / "x.sfv").write_text("".join([f"{n}.bin {zlib.crc32(bytes([0, n]) * 9):08x}\n" for n in range(3)]))
    (made / "2.bin").write_bytes(b"\0other")
    with zipfile.ZipFile(leak / "packed.zip", "w") as packed:
        for file in sorted(made.iterdir()):
            packed.write(file, file.name)
    scan([leak], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    differing = told(tmp_path / "case", "case.list_differs")
    places = [[place for place in ("changed/0.bin", "packed.zip > 2.bin") if place in one] for one in differing]
    assert sorted(places) == [["changed/0.bin"], ["packed.zip > 2.bin"], ["packed.zip > 2.bin"]]
    assert sorted(told(tmp_path / "case", "case.list_incomplete")) == [
        "The list changed/all.md5 names 3 files that stand beside it, and does not name one other there: new.bin.",
        "The list changed/all.md5 names 4 files; one of them is not there: 1.bin.",
        "The list packed.zip > x.sfv names 3 files that stand beside it, and does not name one other there: 3.bin.",
    ]


@pytest.mark.usefixtures("in_process")
def test_what_an_archive_lacks_that_breaks_off_is_not_said_to_be_missing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    for number in range(6):
        (made / f"{number}.bin").write_bytes(bytes([0, number]) * 900)
    sums(made, "sha256", "0SUMS.sha256")
    for cut in (False, True):
        with tarfile.open(tmp_path / "packed.tar", "w") as packed:
            for file in sorted(made.iterdir())[: 7 if cut else 6]:
                packed.add(file, file.name)
        if cut:
            data = (tmp_path / "packed.tar").read_bytes()
            (tmp_path / "packed.tar").write_bytes(data[: data.index(b"5.bin") + 700])
        case = tmp_path / f"case-{cut}"
        scan([tmp_path / "packed.tar"], case, ScanOptions(jobs=1, as_of="2020-01-01"))
        said = told(case, "case.list_incomplete")
        assert said == (
            [] if cut else ["The list packed.tar > 0SUMS.sha256 names 6 files; one of them is not there: 5.bin."]
        )
