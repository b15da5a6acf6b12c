"""Status and notices belong to the place where a content stands, whatever its copies went through."""

import io
import zipfile
from pathlib import Path

import pytest

from forensics import ScanOptions, check, items, scan, show
from forensics.casestore import CaseFolder, Queries
from forensics.engine.reading import units
from forensics.model.lines import ItemLine

pytestmark = pytest.mark.usefixtures("in_process", "unjudged")

MAIL = b"From: a@a.example\nTo: b@b.example\nSubject: note\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText of a mail.\n"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return whole.getvalue()


def wrong_crc(data: bytes) -> bytes:
    """Change the CRC-32 of the only member, in both headers."""
    central = data.rindex(b"PK\1\2")
    return data[:14] + b"\0\0\0\0" + data[18 : central + 16] + b"\0\0\0\0" + data[central + 20 :]


def lost(size: int = 2_000) -> bytes:
    """Pack a member whose deflate stream is damaged from its first byte."""
    data = packed(("lost.txt", bytes(size)), method=zipfile.ZIP_DEFLATED)
    start = 30 + len("lost.txt")
    return data[:start] + b"\xff" + data[start + 1 :]


def scanned(tmp_path: Path, **files: bytes) -> dict[str, ItemLine]:
    source = tmp_path / "source"
    source.mkdir()
    for name, data in files.items():
        (source / name.replace("_", ".")).write_bytes(data)
    scan([source], tmp_path / "case", ScanOptions(jobs=1))
    return {line.location.text: line for line in items(tmp_path / "case")}


def state(line: ItemLine) -> tuple[str, list[str]]:
    return line.status, [notice.code for notice in line.notices]


GOOD = packed(("note.eml", MAIL))


@pytest.mark.parametrize(("first", "second"), [(GOOD, wrong_crc(GOOD)), (wrong_crc(GOOD), GOOD)], ids=["good", "bad"])
def test_a_damaged_copy_and_a_good_one(tmp_path: Path, first: bytes, second: bytes) -> None:
    found = scanned(tmp_path, a_zip=first, b_zip=second)
    good, bad = ("a.zip", "b.zip") if first is GOOD else ("b.zip", "a.zip")
    assert state(found[f"{good} > note.eml"]) == ("parsed", [])
    assert state(found[f"{bad} > note.eml"]) == ("partial", ["zip.crc"])
    assert found[good].status == "parsed"
    assert state(found[bad]) == ("partial", ["engine.member_damaged"])
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        by_content = queries.pairs("SELECT media_type, status FROM contents WHERE media_type LIKE 'message/%'")
    assert by_content == [("message/rfc822", "parsed")], "the content's own parse knows nothing of its container"
    (shown,) = show(tmp_path / "case", f"{bad} > note.eml")
    assert (shown.facts.status, len(shown.facts.notices)) == ("partial", 1)
    both = show(tmp_path / "case", found[f"{bad} > note.eml"].sha256)
    assert [one.facts.status for one in both] == [found[f"{name} > note.eml"].status for name in ("a.zip", "b.zip")]


@pytest.mark.parametrize(("honest", "damaged"), [("5_txt", "9_zip"), ("5_txt", "1_zip")])
def test_an_honest_empty_file_and_a_member_whose_bytes_were_lost(tmp_path: Path, honest: str, damaged: str) -> None:
    found = scanned(tmp_path, **{honest: b"", damaged: lost()})
    assert state(found["5.txt"]) == ("parsed", ["engine.empty"])
    member = found[f"{damaged.replace('_', '.')} > lost.txt"]
    assert (member.sha256, member.status) == (EMPTY, "partial")
    assert "zip.damaged" in state(member)[1]


def test_copies_in_different_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNIT_FILES", 10)
    filler = {f"m{number:04}_eml": b"Subject: %d\n\nx\n" % number for number in range(10)}
    found = scanned(tmp_path, a_zip=wrong_crc(GOOD), z_zip=GOOD, **filler)
    assert state(found["a.zip > note.eml"]) == ("partial", ["zip.crc"])
    assert state(found["z.zip > note.eml"]) == ("parsed", [])


def test_a_copy_has_the_notices_of_its_content(tmp_path: Path) -> None:
    odd = MAIL + b"a\0b\n"
    found = scanned(tmp_path, a_eml=odd, b_zip=packed(("copy.eml", odd)), c_eml=odd)
    assert {tuple(state(found[name])[1]) for name in ("a.eml", "b.zip > copy.eml", "c.eml")} == {("mail.nul",)}


def test_a_place_that_is_left_out_leaves_its_copies_alone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.zip").write_bytes(packed(("out.eml", MAIL), ("in.eml", MAIL), ("out2.eml", MAIL)))
    scan([source], tmp_path / "case", ScanOptions(exclude=("*out*",)))
    found = {line.location.text: line.status for line in items(tmp_path / "case")}
    assert found == {
        "a.zip": "parsed",
        "a.zip > out.eml": "skipped",
        "a.zip > in.eml": "parsed",
        "a.zip > out2.eml": "skipped",
    }


def test_members_of_a_copy_are_listed_from_the_first_reading(tmp_path: Path) -> None:
    inner = packed(("one.eml", MAIL), ("bad", b"x"), ("deep.zip", packed(("two.eml", MAIL + b"2"))))
    outer = packed(*[(f"{number}.zip", inner) for number in range(3)])
    found = scanned(tmp_path, outer_zip=outer, x_zip=outer)
    for top in ("outer.zip", "x.zip"):
        for number in range(3):
            base = f"{top} > {number}.zip"
            names = [f"{base} > one.eml", f"{base} > bad", f"{base} > deep.zip", f"{base} > deep.zip > two.eml"]
            assert {name for name in found if name.startswith(f"{base} > ")} == set(names)
            assert len({found[name].location.steps[0].sha256 for name in names}) == 1
            assert all(found[name].location.steps[-1].sha256 == found[name].sha256 for name in names)
            assert found[names[3]].parser.startswith("mail.rfc5322/")
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        depths = queries.pairs("SELECT location_text, depth FROM occurrences")
        assert queries.pairs("SELECT 'n', count(*) FROM messages") == [("n", 2)]
    assert all(depth == text.count(" > ") for text, depth in depths)


def test_check_tells_a_damaged_copy_apart(tmp_path: Path) -> None:
    file = tmp_path / "both.zip"
    file.write_bytes(packed(("good.zip", GOOD), ("bad.zip", wrong_crc(GOOD))))
    mails = [
        (facts.status, len(facts.occurrences)) for facts in check(file).items if facts.media_type == "message/rfc822"
    ]
    assert mails == [("parsed", 1), ("partial", 1)]


@pytest.mark.parametrize("names", [("a_txt", "b_eml"), ("b_txt", "a_eml")])
def test_text_under_the_name_of_a_mail_is_a_loss_whatever_its_copies_are_called(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    text, loss = names
    words = b"these are\nonly words\n"
    again = packed((loss.replace("_", "."), words))
    found = scanned(tmp_path, **{text: words, loss: words, "x_zip": again, "y_zip": again})
    at = loss.replace("_", ".")
    assert found[text.replace("_", ".")].status == "skipped"
    assert {found[name].status for name in (at, f"x.zip > {at}", f"y.zip > {at}")} == {"unread"}
