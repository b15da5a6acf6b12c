"""Rules on how archives were packed, on bytes that programs wrote."""

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.checks import RULES as ALL
from forensics.checks import load
from forensics.checks.archive import member_appended
from forensics.errors import ParseError
from forensics.examples.cases import context
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.presence.archive import presence
from forensics.model.rules import Observation, State, Subject
from forensics.parsers.archive._zip_facts import archive_facts
from forensics.parsers.archive.zip_structure import read_directory
from tests.checks.test_batch_touch import workbook

RULES = tuple([name for name in ALL if name.startswith("archive.") and load(name).RULE.subject is Subject.ARCHIVE])


def facts_of(data: bytes, format_id: str = "zip") -> ArchiveFacts:
    return archive_facts(read_directory(MemoryBytes(data)), format_id)


def observed(rule: str, facts: ArchiveFacts) -> list[Observation]:
    module = load(rule)
    return list(module.check(facts, context())) if module.RULE.needs & presence(facts) == module.RULE.needs else []


def entry(name: str, when: tuple[int, ...], *, made_by: int, system: int, utc: int | None = None) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, when)  # type: ignore[arg-type]
    info.create_version, info.create_system = made_by, system
    if utc is not None:
        info.extra = struct.pack("<HHBl", 0x5455, 5, 1, utc)
    return info


def packed(*entries: zipfile.ZipInfo) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for info in entries:
            archive.writestr(info, info.filename)
    return file.getvalue()


def test_a_part_that_zip_replaced_is_quoted_with_the_bytes_of_its_marks() -> None:
    first_day, later = (1980, 1, 1, 0, 0, 0), (2014, 3, 3, 16, 10, 24)
    names = ("[Content_Types].xml", "_rels/.rels", "word/styles.xml")
    office = [entry(name, first_day, made_by=45, system=0) for name in names]
    data = packed(*office, entry("word/document.xml", later, made_by=30, system=3))
    (found,) = observed("archive.patched_member", facts_of(data, "ooxml"))
    assert found.bin == "content_other_writer"
    assert found.sentence.values["time"] == "2014-03-03 16:10:24 local"
    time, marks, *_ = found.evidence
    for fact in found.evidence:
        ((start, end),) = fact.locator.ranges
        assert data[start:end] == fact.raw
    assert time.value == "2014-03-03 16:10:24 local"
    assert marks.value.startswith("word/document.xml: host 3, version 3.0, needs 2.0, flags 0x0000, method 0")
    assert marks.raw == struct.pack("<4H", 3 << 8 | 30, 20, 0, 0)
    assert observed("archive.patched_member", facts_of(packed(*office), "ooxml")) == []


def test_a_member_whose_local_date_was_moved() -> None:
    noon = 1_488_794_400  # 2017-03-06 10:00:00 UTC
    good = entry("a.txt", (2017, 3, 6, 11, 0, 0), made_by=30, system=3, utc=noon)
    moved = entry("b.txt", (2016, 2, 6, 11, 0, 0), made_by=30, system=3, utc=noon)
    (found,) = observed("archive.packer_offset", facts_of(packed(good, moved)))
    assert found.bin == "whole_days" and found.sentence.values["name"] == "b.txt"
    assert observed("archive.packer_offset", facts_of(packed(good))) == []
    assert observed("archive.packer_zones", facts_of(packed(good, moved))) == []


@pytest.mark.parametrize("rule", RULES)
def test_rules_on_packing_bear_any_archive(rule: str, corpora: Path) -> None:
    """Those of public tests, odd as they are: each observation names bytes of the archive."""
    seen = 0
    for path in sorted((corpora / "archive").rglob("*.zip")):
        data = path.read_bytes()
        try:
            facts = facts_of(data)
        except ParseError:
            continue
        for found in observed(rule, facts):
            seen += 1
            for fact in found.evidence:
                assert b"".join([data[start:end] for start, end in fact.locator.ranges]) == fact.raw
    known = {"archive.patched_member": 6, "archive.two_readings": 10, "archive.name_locale": 1}
    assert rule == "archive.member_time_conflict" or seen == known.get(rule, 0)


def test_the_member_that_leaves_its_folder_was_put_in_by_another_program(suites: Path) -> None:
    facts = facts_of((suites / "zip-slip" / "archives" / "zip-slip.zip").read_bytes())
    (found,) = observed("archive.patched_member", facts)
    assert found.bin == "appended" and "evil" in str(found.sentence.values["name"])
    assert not [one for one in found.benign if one.state is State.EXPLAINS]


ONE = packed(
    entry("[Content_Types].xml", (1980, 1, 1, 0, 0, 0), made_by=45, system=0),
    entry("a.txt", (2017, 3, 6, 11, 0, 0), made_by=30, system=3, utc=1_488_794_400),
    entry("b.txt", (2017, 3, 6, 12, 7, 0), made_by=20, system=0, utc=1_488_794_400),
)


@given(st.lists(st.tuples(st.integers(0, len(ONE) - 1), st.integers(0, 255)), max_size=8), st.booleans())
def test_rules_bear_any_change_of_an_archive(changes: list[tuple[int, int]], package: bool) -> None:
    data = bytearray(ONE)
    for at, value in changes:
        data[at] = value
    try:
        facts = facts_of(bytes(data), "ooxml" if package else "zip")
    except ParseError:
        return
    for rule in RULES:
        for found in observed(rule, facts):
            for fact in found.evidence:
                assert sum(end - start for start, end in fact.locator.ranges) == len(fact.raw)


def test_extreme_times_overflow_nothing() -> None:
    wide = entry("a.txt", (2107, 12, 31, 23, 59, 58), made_by=20, system=0, utc=-(1 << 31))
    far: Any = entry("b.txt", (1995, 1, 1, 0, 0, 0), made_by=20, system=0)
    far.extra = struct.pack("<HH4xHH3Q", 10, 32, 1, 24, (1 << 63) - 1, 0, 0)
    for rule in RULES:
        for found in observed(rule, facts_of(packed(wide, far))):
            assert found.bin


def with_document(day: int) -> bytes:
    """A zip of three files of two days, one a workbook that was saved at 10:00 on 6 March 2017."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data, on in (("a.xlsx", workbook(0), day), ("b.txt", b"b", 2), ("c.txt", b"c", 3)):
            made.writestr(zipfile.ZipInfo(name, (2017, 3, on, 12, 0, 0)), data)
    return file.getvalue()


def test_a_document_that_is_newer_than_its_member(archive: Callable[[Iterable[tuple[str, bytes]]], Any]) -> None:
    days = (("late.zip", 2), ("same.zip", 6), ("zone.zip", 5))
    found = archive([(name, with_document(day)) for name, day in days])
    seen = found.of("case.newer_than_member")
    told = {one.subjects[0].location.steps[0].name: one.bin for one in seen}
    assert told == {"late.zip": "newer>1d", "zone.zip": "newer>14h"}
    assert seen[0].evidence[1].locator.path == "zip:central[0].dos"
    assert all(len(one.evidence[1].location.steps) == 1 for one in seen), "it stands in the archive"


def test_one_time_for_all_members_is_the_packers(archive: Callable[[Iterable[tuple[str, bytes]]], Any]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in (("a.xlsx", workbook(0)), ("b.txt", b"b"), ("c.txt", b"c")):
            made.writestr(zipfile.ZipInfo(name, (2016, 3, 1, 12, 0, 0)), data)
    found = archive([("release.zip", file.getvalue())])
    assert found.explained("case.newer_than_member") == [("newer>30d", frozenset(["packer_sets_time"]))]


def two_files(name: str, data: bytes, day: int) -> bytes:
    """A zip of two files of two days, the first of a day of March 2017."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(zipfile.ZipInfo(name, (2017, 3, day, 12, 0, 0)), data)
        made.writestr(zipfile.ZipInfo("other.txt", (2017, 2, 1, 12, 0, 0)), name.encode())
    return file.getvalue()


def with_workbook() -> bytes:
    """A mail that carries a workbook saved at 10:00 on 6 March 2017."""
    file = base64.b64encode(workbook(0)).decode()
    return (
        "From: anna@one.example\nTo: ben@two.example\nSubject: x\nDate: Thu, 2 Mar 2017 10:00:00 +0000\n"
        "Content-Type: application/vnd.ms-excel\nContent-Disposition: attachment; filename=a.xlsx\n"
        f"Content-Transfer-Encoding: base64\n\n{file}\n"
    ).encode()


def test_what_stands_in_a_member_is_newer_than_it(archive: Callable[[Iterable[tuple[str, bytes]]], Any]) -> None:
    files = [
        ("nested.zip", two_files("inner.zip", two_files("a.xlsx", workbook(0), 7), 2)),
        ("later.zip", two_files("inner.zip", two_files("b.xlsx", workbook(1), 7), 7)),
        ("mail.zip", two_files("1.eml", with_workbook(), 2)),
        ("plain.zip", two_files("a.xlsx", workbook(2), 2)),
    ]
    seen = archive(files).of("case.content_newer_than_member")
    told = sorted({(one.evidence[1].location.steps[0].name, one.bin) for one in seen})
    assert told == [("mail.zip", "newer>1d"), ("nested.zip", "newer>1d")], "the file's own save is another rule's"
    assert all(one.evidence[0].raw for one in seen)


def test_members_behind_an_order_are_compared_once_each() -> None:
    compared = []

    class Key(str):
        __slots__ = ()

        def __gt__(self, other: str) -> bool:
            compared.append(other)
            return str.__gt__(self, other)

    paths = [[(f"b{number:04}",)] for number in range(1000)]
    behind = [[(f"a{number:04}",)] for number in range(100)]
    assert member_appended._end(paths + behind, lambda parts: Key(parts[0][0])) == (1000, True)
    assert len(compared) == 1100
