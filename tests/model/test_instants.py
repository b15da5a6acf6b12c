import msgspec
import pytest

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.instants import calendar, claimed, is_local, moment, offset_text, written
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind

NOON = 1_493_035_951 * TICKS_PER_SECOND
"""2017-04-24 12:12:31 UTC."""


def stamp(**changes):
    time = Timestamp(
        instant=NOON,
        wall=NOON,
        offset_s=0,
        precision=Precision.SECOND,
        description=Description.SENT,
        clock=ClockKind.SENDER,
        owner="",
        raw=b"x",
        locator=Locator(path="header:Date[0]"),
        kind=TimeKind.DATE,
    )
    return msgspec.structs.replace(time, **changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "2017-04-24T12:12:31+00:00"),
        ({"offset_s": 7200}, "2017-04-24T14:12:31+02:00"),
        ({"offset_s": -34_200}, "2017-04-24T02:42:31-09:30"),
        ({"offset_s": Absence.NOT_PRESENT}, "2017-04-24T12:12:31-00:00"),
        ({"offset_s": -356_400}, "2017-04-24T12:12:31-00:00"),
        ({"offset_s": 3_601}, "2017-04-24T12:12:31-00:00"),
        ({"instant": NOON + 1_234_567, "precision": Precision.TICK}, "2017-04-24T12:12:31.1234567+00:00"),
        ({"instant": NOON + 1_234_567, "precision": Precision.MILLISECOND}, "2017-04-24T12:12:31.123+00:00"),
        ({"instant": Absence.NOT_PRESENT, "offset_s": Absence.NOT_PRESENT}, "2017-04-24T12:12:31"),
        ({"instant": Absence.UNPARSABLE, "offset_s": Absence.UNPARSABLE}, "2017-04-24T12:12:31"),
        ({"instant": Absence.NOT_PRESENT, "precision": Precision.DAY}, "2017-04-24"),
        ({"instant": Absence.UNPARSABLE, "wall": Absence.UNPARSABLE}, None),
        ({"instant": 10**19}, None),
        ({"instant": -(10**19)}, None),
    ],
)
def test_written(changes, text):
    assert written(stamp(**changes)) == text


def test_an_offset_can_push_a_time_over_the_edge_of_the_calendar():
    last = 253_402_300_799 * TICKS_PER_SECOND
    assert written(stamp(instant=last)) == "9999-12-31T23:59:59+00:00"
    assert written(stamp(instant=last, offset_s=3600)) is None
    assert calendar(-62_135_596_800 * TICKS_PER_SECOND) == "0001-01-01 00:00:00"


def test_offsets():
    assert offset_text(-64_800) == "-18:00"
    assert offset_text(64_860) is None


def test_a_local_time_has_a_reading_and_no_instant():
    local = stamp(instant=Absence.NOT_PRESENT)
    assert is_local(local)
    assert moment(local) == NOON
    assert not is_local(stamp())
    assert moment(stamp(instant=Absence.UNPARSABLE, wall=Absence.UNPARSABLE)) is None


def test_the_claim_is_the_items_own_time():
    received = stamp(description=Description.RECORDED, clock=ClockKind.SERVER)
    hidden = stamp(description=Description.CREATION)
    assert claimed((received, hidden, stamp())) == stamp()
    saved = stamp(description=Description.MODIFICATION, clock=ClockKind.APPLICATION)
    packed = stamp(description=Description.MODIFICATION, clock=ClockKind.PACKER)
    assert claimed((packed, saved)) == saved
    assert claimed((packed,)) is None
    assert claimed((stamp(instant=Absence.UNPARSABLE, wall=Absence.UNPARSABLE),)) is None
