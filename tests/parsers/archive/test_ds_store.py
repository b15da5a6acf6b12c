"""Folder indexes of the Finder: what their records say, trees of several blocks, and every kind of damage."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.items import Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers.archive import ds_store
from forensics.parsers.identify import identify
from tests.parsers.archive.ds_store_builder import Entry, index, inner, leaf, one_leaf

UNIX = 1_560_163_578
"""2019-06-10 10:46:18 UTC."""
ICON: Entry = ("Report é.docx", "Iloc", "blob", bytes(16))
SIZE: Entry = ("Figures", "lg1S", "comp", (12_495).to_bytes(8, "big"))
OLD: Entry = ("Figures", "modD", "dutc", ((UNIX + 2_082_844_800) * 65_536 + 32_768).to_bytes(8, "big"))
NEW: Entry = ("Figures", "modD", "blob", struct.pack("<d", UNIX - 978_307_200 + 0.5))
AGAIN: Entry = ("Figures", "moDD", "dutc", OLD[3])
BACK: Entry = ("a.txt", "ptbL", "ustr", "Users/anna/".encode("utf-16-be"))
GOOD = one_leaf(BACK, SIZE, OLD, AGAIN, ICON)


def read(data: bytes) -> list[Yielded]:
    where = Location((Step(kind=StepKind.FILE, name="x", start=0, end=len(data), source="s"),))
    return list(ds_store.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))


def facts(data: bytes) -> DocumentFacts:
    (found,) = [one for one in read(data) if isinstance(one, DocumentFacts)]
    for said in (*found.properties, *found.timestamps):
        for start, end in said.locator.ranges:
            assert data[start:end] == said.raw, "bytes are those at their place"
    return found


def codes(data: bytes) -> list[str]:
    return [one.code for one in read(data) if isinstance(one, Notice)]


def names(data: bytes) -> list[str]:
    return [one.value for one in facts(data).properties if one.name == "ds_store.name"]


def test_an_index_names_files_with_sizes_and_times() -> None:
    assert identify(GOOD[:4096], MemoryBytes(GOOD), b".DS_Store") == "archive.ds_store"
    found = facts(GOOD)
    assert [(one.name, one.value) for one in found.properties] == [
        ("ds_store.name", "a.txt"),
        ("ds_store.stood_in", "Users/anna/"),
        ("ds_store.name", "Figures"),
        ("ds_store.size", "12495 Figures"),
        ("ds_store.name", "Report é.docx"),
        ("ds_store.other_records", "Iloc 1"),
    ]
    (stamp,) = found.timestamps
    assert (stamp.kind, stamp.instant) == (TimeKind.FINDER_MODIFIED, UNIX * 10_000_000 + 5_000_000)
    assert (stamp.index, stamp.offset_s) == (1, Absence.NOT_APPLICABLE)
    assert stamp.locator.path == "Figures:modD" and codes(GOOD) == []


def test_both_counts_say_the_same_time() -> None:
    old, new = (facts(one_leaf(entry)).timestamps[0].instant for entry in (OLD, NEW))
    assert old == new


def test_two_times_of_one_name_that_differ_are_both_told() -> None:
    assert len(facts(one_leaf(OLD, ("Figures", "moDD", "blob", NEW[3]))).timestamps) == 2


@pytest.mark.parametrize("raw", [struct.pack("<d", float("nan")), struct.pack("<d", 1e300), b"1234567"])
def test_what_is_no_time_is_told(raw: bytes) -> None:
    data = one_leaf(("a", "modD", "blob", raw))
    assert codes(data) == ["ds_store.date_unparsable"]
    assert facts(data).timestamps[0].instant is Absence.UNPARSABLE


def test_a_count_of_nothing_is_no_time() -> None:
    data = one_leaf(("a", "modD", "blob", bytes(8)), ("b", "modD", "dutc", bytes(8)))
    assert [one.wall for one in facts(data).timestamps] == [Absence.NOT_PRESENT] * 2


def test_a_tree_of_several_blocks_is_read_in_its_order() -> None:
    low, middle, high = (leaf((name, "vSrn", "long", bytes(4))) for name in "aeg")
    root = inner(5, (3, ("c", "vSrn", "long", bytes(4))), (4, ("f", "vSrn", "long", bytes(4))))
    data = index([root, low, middle, high], 5)
    assert names(data) == ["a", "c", "e", "f", "g"] and codes(data) == []


def test_the_folder_itself_is_no_name_in_it() -> None:
    assert names(one_leaf((".", "bwsp", "blob", b"bplist00"))) == []


def test_unused_space_is_accounted_for() -> None:
    (rest,) = [one for one in read(GOOD) if isinstance(one, Padding)]
    written = sum(map(bool, GOOD))
    assert rest.what == "free" and written < len(GOOD) - rest.size < written + 1_500


def test_a_block_that_leads_to_itself_or_nowhere_is_told() -> None:
    data = index([inner(2, (99, ICON))], 1)
    assert codes(data) == ["ds_store.block_damaged"] * 2 and names(data) == [ICON[0]]


def test_notices_of_blocks_end() -> None:
    entries = [(99, (f"{number}", "vSrn", "long", bytes(4))) for number in range(60)]
    assert len(codes(index([inner(98, *entries)], 60))) == 20


def test_a_record_that_cannot_be_read_ends_its_block() -> None:
    data = one_leaf(SIZE, ("b", "Iloc", "what", b""), ICON)
    (first, second) = [one for one in read(data) if isinstance(one, Notice)]
    assert (first.code, second.code) == ("ds_store.record_damaged", "ds_store.count_differs")
    assert first.unread and first.locator is not None and names(data) == ["Figures"]


def test_a_value_that_leads_beyond_its_block_is_not_read() -> None:
    data = one_leaf(ICON).replace(b"Ilocblob\0\0\0\x10", b"Ilocblob\0\1\0\0")
    assert codes(data)[0] == "ds_store.record_damaged" and names(data) == []


def test_values_end_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.archive._ds_records.MAX_VALUES", 3)
    low = leaf(*[(f"a{number}", "vSrn", "long", bytes(4)) for number in range(5)])
    data = index([inner(3, (3, ICON)), low], 6)
    assert codes(data).count("ds_store.value_limit") == 1 and len(names(data)) == 3


def _with_places(count: int) -> bytes:
    start = int.from_bytes(GOOD[8:12], "big") + 4
    return GOOD[:start] + count.to_bytes(4, "big") + GOOD[start + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        ds_store.MAGIC + bytes(100),
        GOOD[:5000],
        GOOD[:16] + bytes(4) + GOOD[20:],
        GOOD.replace(b"DSDB", b"DSDA"),
        _with_places(0),
        _with_places(2**32 - 1),
        _with_places(1),
    ],
)
def test_what_has_no_tree_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        read(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, ds_store.MAGIC + data):
        with contextlib.suppress(ParseError):
            read(whole)


TREE = index([inner(4, (3, ICON)), leaf(SIZE, OLD), leaf(BACK)], 4)


@given(st.lists(st.tuples(st.integers(0, len(TREE) - 1), st.integers(0, 255)), max_size=8), st.integers(0, len(TREE)))
def test_any_change_of_a_good_file_is_read_or_refused(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(TREE)
    parts = [0, *range(4096 + 4, len(TREE), 4096)]
    for at, byte in changes:
        data[parts[at % len(parts)] + at // len(parts) % 120] = byte
    for cut in (bytes(data), bytes(data[:end])):
        with contextlib.suppress(ParseError):
            facts(cut)
