"""Keys given to a case: stored by file, kept, logged, and judged with."""

from pathlib import Path

import pytest

from forensics import ScanOptions, add_keys, reached, scan
from forensics.casestore import CaseFolder, Queries
from forensics.engine import key_files
from forensics.errors import UsageError

pytestmark = pytest.mark.usefixtures("in_process")

ED25519 = "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RSA = (
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y"
    "3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
)
ZONE = f'test._domainkey.football.example.com. TXT "{RSA}"\nbrisbane._domainkey.football.example.com. TXT "{ED25519}"\n'


@pytest.fixture
def source(tmp_path: Path, signed_mail: bytes) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(signed_mail)
    return folder


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    path = tmp_path / "keys.zone"
    path.write_text(ZONE)
    return path


def scanned(source: Path, *keys: Path) -> Path:
    case = source.with_name("case")
    scan([source], case, ScanOptions(jobs=1, as_of="2020-01-01", dkim_keys=keys))
    return case


def verdicts(case: Path) -> list[tuple[str, str]]:
    with Queries(CaseFolder.open(case)) as queries:
        return [(str(a), str(b)) for a, b in queries.pairs("SELECT header, body FROM verdicts ORDER BY kind, index")]


def lines(case: Path) -> list[dict[str, str]]:
    return [line.details for line in CaseFolder.open(case).custody.lines() if line.action == "keys"]


def test_a_scan_judges_with_keys_and_a_later_one_keeps_them(source: Path, zone: Path) -> None:
    case = scanned(source, zone)
    assert verdicts(case) == [("holds", "holds"), ("holds", "holds")]
    (line,) = lines(case)
    assert (line["origin"], line["keys"], line["refused"], len(line["sha256"])) == ("keys.zone", "2", "0", 64)
    scanned(source)
    assert verdicts(case) == [("holds", "holds"), ("holds", "holds")]
    scanned(source, zone)
    assert [line.get("skipped") for line in lines(case)] == [None, "unchanged"]


def test_keys_added_later_give_what_a_scan_with_them_gives(source: Path, zone: Path, tmp_path: Path) -> None:
    case = scanned(source)
    assert verdicts(case) == []
    added = add_keys(case, zone)
    assert (added.judged, [file.taken for file in added.files]) == (True, [2])
    assert added.head == CaseFolder.open(case).custody.head()
    assert verdicts(case) == [("holds", "holds"), ("holds", "holds")]
    again = add_keys(case, [zone])
    assert again.judged and lines(case)[-1]["skipped"] == "unchanged"
    renamed = source.rename(source.with_name("elsewhere"))
    (tmp_path / "more.zone").write_text(ZONE.replace("test.", "other."))
    away = add_keys(case, tmp_path / "more.zone")
    assert not away.judged
    assert not reached(case).settled
    assert add_keys(case, zone, [str(renamed)]).judged
    assert reached(case).settled


def test_a_folder_is_a_unit_for_each_file(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    for selector in ("test", "other"):
        (folder / f"{selector}._domainkey.football.example.com").write_text(RSA)
    (folder / "notes.txt").write_text("nothing")
    (folder / "link").symlink_to("notes.txt")
    case = scanned(source)
    added = add_keys(case, folder)
    assert [(file.name, file.taken, [notice.code for notice in file.notices]) for file in added.files] == [
        ("keys/link", 0, ["keys.file"]),
        ("keys/notes.txt", 0, ["keys.form"]),
        ("keys/other._domainkey.football.example.com", 1, []),
        ("keys/test._domainkey.football.example.com", 1, []),
    ]
    units = [line["unit"] for line in lines(case) if line["keys"] == "1"]
    assert len(set(units)) == 2
    with Queries(CaseFolder.open(case)) as queries:
        rows = queries.pairs("SELECT selector, origin FROM keys ORDER BY selector")
    assert rows == [
        ("other", "keys/other._domainkey.football.example.com"),
        ("test", "keys/test._domainkey.football.example.com"),
    ]
    before = len(lines(case))
    add_keys(case, folder / "test._domainkey.football.example.com")
    add_keys(case, [folder / "notes.txt", folder / "link"])
    assert [line["skipped"] for line in lines(case)[before:]] == ["unchanged", "no key", "no key"]
    monkeypatch.setattr(key_files, "FILES", 1)
    assert [file.notices[0].code for file in add_keys(case, folder).files] == ["keys.file", "keys.limit"]
    monkeypatch.setattr(key_files, "FILE_BYTES", 3)
    assert add_keys(case, folder / "notes.txt").files[0].notices[0].code == "keys.limit"


def test_a_key_file_that_is_missing_makes_no_case(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such key file"):
        scanned(source, tmp_path / "nothing")
    assert not source.with_name("case").exists()


def test_what_a_crash_left_is_removed(source: Path, zone: Path) -> None:
    case = scanned(source)
    (case / "tables" / "keys" / "left.parquet").write_bytes(b"")
    add_keys(case, zone)
    assert not (case / "tables" / "keys" / "left.parquet").exists()
