"""Parts of files that were cut, told by their names."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import ScanOptions, open_case, scan
from forensics.intake.files import walk
from forensics.intake.volumes import parts
from tests.parsers.archive import sevenzips


def said(*names: str, sizes: Mapping[str, int] | None = None) -> dict[str, str]:
    found = parts([name.encode() for name in names], lambda name: (sizes or {}).get(name.decode(), 7))
    return {name.decode(): text for name, text in found.items()}


@pytest.mark.parametrize(
    ("names", "beside", "advice"),
    [
        (["a.7z.001", "a.7z.002"], "parts 1 to 2.", "cat PARTS"),
        (["a.7z.001"], "part 1.", "cat PARTS"),
        (["a.tar.000", "a.tar.001"], "parts 0 to 1.", "cat PARTS"),
        (["a.part1.rar", "a.part2.rar"], "parts 1 to 2.", "unrar x a.part1.rar"),
        (["a.part01.exe", "a.part02.rar"], "parts 1 to 2.", "unrar x a.part01.exe"),
        (["a.rar", "a.r00", "a.r01"], "parts 1 to 3.", "unrar x a.rar"),
        (["A.RAR", "a.R00"], "parts 1 to 2.", "unrar x A.RAR"),
        (["a.z01", "a.z02", "a.zip"], "parts 1 to 2 and the last, a.zip.", "zip -s 0 a.zip"),
        (["a.z01"], "part 1; the last, which ends in .zip and has the directory, is missing.", "zip -s 0 NAME.zip"),
        (["a b.zip.002", "a b.zip.001"], "parts 1 to 2.", "cat PARTS"),
    ],
)
def test_each_part_says_which_are_there(names: list[str], beside: str, advice: str) -> None:
    found = said(*names, "other.txt", "b.001", "notes.zip")
    assert found.keys() == set(names)
    assert all(f"in the source: {beside}" in text and advice in text for text in found.values())
    assert "missing: " not in "".join(found.values())


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["a.7z.002", "a.7z.004"], None),
        (["a.7z.001", "a.7z.004"], "a.7z.002, a.7z.003"),
        (["a.part1.rar", "a.part3.rar"], "a.part2.rar"),
        (["a.part02.rar"], "a.part01.rar"),
        (["a.r00", "a.r02"], "a.rar, a.r01"),
        (["a.rar", *[f"a.r{n:02}" for n in range(100)], "a.s01"], "a.s00"),
        (["a.z02", "a.zip"], "a.z01"),
        (["a.zip.001", "a.zip.009"], ", ".join([f"a.zip.00{n}" for n in range(2, 7)]) + " and 2 more"),
    ],
)
def test_missing_parts_are_named(names: list[str], missing: str | None) -> None:
    found = said(*names)
    if missing is None:
        assert not found  # no first part, and no name of a first: these may be anything
        return
    assert found.keys() == set(names)
    assert all(f"missing: {missing}. " in text for text in found.values())
    if names[0].startswith(("a.part", "a.r")):
        first = "a.part1.rar" if "part1" in names[0] else "a.part01.rar" if "part" in names[0] else "a.rar"
        assert all(f"`unrar x {first}`" in text for text in found.values())


def test_what_is_only_numbered_is_no_part() -> None:
    assert not said("log.001", "log.002", "log.003", sizes={"log.001": 5, "log.002": 6, "log.003": 4})
    assert not said("log.001", "log.002", sizes={"log.001": 5, "log.002": 5})
    assert not said("log.001", "log.002", "log.003", sizes={"log.001": 5, "log.002": 5, "log.003": 6})
    assert not said("log.001", "log.002", "log.004", sizes=dict.fromkeys(["log.001", "log.002", "log.004"], 5))
    assert not said("img.005", "img.006", "img.007")
    assert not said("a.zip", "a.rar", "x.r77", "song.s05", "a.part.rar", "a.partx.rar", ".001")
    assert said("disk.001", "disk.002", "disk.003", sizes={"disk.001": 5, "disk.002": 5, "disk.003": 4})


def test_two_parts_of_one_number_are_none() -> None:
    assert not said("a.7z.001", "A.7z.001")


NAMES = ["a.7z.001", "a.7z.01", "a.part1.rar", "a.part01.rar", "a.r00", "a.rar", "a.y99", "a.z01", "a.zip", "a.001"]


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.from_regex(r"a\.[0rsz]?\d{2,3}", fullmatch=True)), max_size=12))
def test_any_names(names: list[str]) -> None:
    assert said(*names).keys() <= set(names)


def test_parts_stand_in_one_folder(tmp_path: Path) -> None:
    for name in ("one/a.7z.001", "two/a.7z.002", "a.7z.003"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = {file.name: file.volume for file in walk(tmp_path)}
    assert [bool(found[name]) for name in (b"a.7z.003", b"one/a.7z.001", b"two/a.7z.002")] == [False, True, False]
    (file,) = walk(tmp_path / "one" / "a.7z.001")
    assert "part 1 of" in file.volume


@pytest.mark.usefixtures("in_process")
def test_a_scan_says_what_each_part_is_and_reads_what_a_new_one_changes(tmp_path: Path) -> None:
    leak, whole = tmp_path / "leak", sevenzips.SOLID
    leak.mkdir()
    cuts = [whole[:50], whole[50:80], whole[80:]]
    for place in (0, 2):
        (leak / f"a.7z.{place + 1:03}").write_bytes(cuts[place])

    def scanned() -> dict[str, tuple[str, list[str]]]:
        scan([leak], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
        with open_case(tmp_path / "case") as case:
            items = {item.location.text: item for item in case.items()}
        return {
            name: (str(item.status), sorted([one.text for one in item.notices if one.code == "intake.volume"]))
            for name, item in items.items()
        }

    first = scanned()
    assert {status for status, _ in first.values()} <= {"unread", "partial"}
    assert first["a.7z.003"][0] == "unread" and len(first["a.7z.003"][1]) == 2
    assert all("missing: a.7z.002" in texts[-1] for _, texts in first.values())
    (leak / "a.7z.002").write_bytes(cuts[1])
    second = scanned()
    assert len(second) == 3 and all("parts 1 to 3." in texts[-1] for _, texts in second.values())
