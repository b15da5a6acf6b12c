import pytest

from forensics.model.facts import Description
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers import _gathering
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import w3cdtf

CREATED = (TimeKind.META_CREATED, Description.CREATION)


def test_a_time_without_a_readable_zone_is_kept_and_told() -> None:
    gathering = Gathering("x")
    gathering.add_time(w3cdtf("2017-03-06T12:00:00+24:00"), *CREATED, Locator(path="a"), b"r")
    (stamp,) = gathering.timestamps
    assert isinstance(stamp.wall, int) and stamp.raw == b"r"
    assert [note.code for note in gathering.notices] == ["x.date_zone"]


def test_paths_are_unique() -> None:
    gathering = Gathering("test")
    for path in ("a", "a[1]", "a", "a", "b"):
        gathering.add_fact("test.x", "", Locator(path=path), b"")
    assert [fact.locator.path for fact in gathering.properties] == ["a", "a[1]", "a[2]", "a[3]", "b"]


def test_long_values_are_named_not_copied() -> None:
    gathering = Gathering("test")
    gathering.add_fact("test.x", "y" * 70_000, Locator(path="a", ranges=((0, 70_000),)), b"y" * 70_000)
    assert gathering.properties == []
    assert [(notice.code, notice.locator) for notice in gathering.notices] == [
        ("test.long_value", Locator(path="a", ranges=((0, 70_000),)))
    ]


def test_values_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gathering, "MAX_VALUES", 3)
    gathering = Gathering("test")
    for _ in range(5):
        gathering.add_fact("test.x", "v", Locator(path="a"), b"v")
        gathering.add_time(w3cdtf("2017-03-06"), *CREATED, Locator(path="b"), b"2017-03-06")
    assert (len(gathering.properties), len(gathering.timestamps)) == (2, 1)
    assert [notice.code for notice in gathering.notices] == ["test.value_limit"]


def test_a_layer_cuts_located_bytes() -> None:
    assert Layer(b"abcdef", base=10).cut((1, 3), "x") == (b"bc", (11, 13), ())
    assert Layer(b"abcdef", located=False).cut((1, 3), "x") == (b"bc", None, ())
    assert Layer(b"abcdef").cut(None, "é") == ("é".encode(), None, ())
