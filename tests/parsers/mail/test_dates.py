import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.facts import Absence, Precision
from forensics.parsers.mail.dates import NO_DATE, parse_asctime, parse_date, weekday_named

TICKS = 10**7


@pytest.mark.parametrize(
    ("raw", "unix", "offset"),
    [
        (b"Tue, 1 Jul 2003 10:52:37 +0200", 1057049557, 7200),
        (b" Fri,  5 Dec 2025 06:07:08 -0530 (IST)\r\n", 1764934628, -19800),
        (b"Thu,\r\n 13 Feb 1969 23:32 -0330", -27723480, -12600),
        (b"21 Nov 97 09:55:06 GMT", 880106106, 0),
        (b"Fri, 21 Nov 1997 09(comment): 55 : 06 -0600", 880127706, -21600),
        (b"1 Jan 49 00:00:00 Z", 2493072000, 0),
        (b"1 Jan 50 00:00:00 UT", -631152000, 0),
        (b"1 Jan 100 00:00:00 EDT", 946699200, -14400),
        (b"31 Dec 1998 23:59:60 +0000", 915148799, 0),
        (b"Thu, 1 Oct 2015 14.40.57 +0200", 1443703257, 7200),
        (b"Thu, 1 Oct 2015 14:40:57 +0200,", 1443703257, 7200),
        (b"Thu, 1 Oct 2015 14:40:57 +2:00", 1443703257, 7200),
        (b"Thu, 1 Oct 2015 14:40:57 +0200 (CEST", 1443703257, 7200),
        (b"Thu, 1 Oct 2015 14:40:5 +0200", 1443703205, 7200),
        (b"2015-10-01T14:40:57+02:00", 1443703257, 7200),
        (b"2015-10-01 12:40:57 +0000 UTC m=+2015.724468750", 1443703257, 0),
        (b"Sat Dec  6 10:00:00 2025 -0800", 1765044000, -28800),
        (b"5-Dec-2025 06:07:08 PST", 1764943628, -28800),
    ],
)
def test_reads_with_offset(raw: bytes, unix: int, offset: int) -> None:
    written = parse_date(raw)
    assert (written.instant, written.offset_s) == (unix * TICKS, offset)
    assert written.wall == (unix + offset) * TICKS


def test_minus_zero_is_utc_without_a_zone() -> None:
    written = parse_date(b"3 Sep 2002 19:48:55 -0000")
    assert (written.instant, written.wall, written.offset_s) == (
        1031082535 * TICKS,
        1031082535 * TICKS,
        Absence.NOT_PRESENT,
    )


@pytest.mark.parametrize(
    "zone", [b"A", b"CET", b"IST", b"Eastern Daylight Time", b"EST5EDT", b"GMT+0200", b"GMT+02:00", b"UTC-3"]
)
def test_zone_of_several_meanings_gives_no_instant(zone: bytes) -> None:
    written = parse_date(b"Thu, 10 Jul 1997 14:53:31 " + zone)
    assert (written.instant, written.offset_s) == (Absence.NOT_AVAILABLE, Absence.NOT_PRESENT)
    assert written.wall == 868546411 * TICKS


def test_no_zone_is_a_local_time() -> None:
    written = parse_date(b"Thu, 10 Jul 1997 14:53")
    assert (written.instant, written.offset_s) == (Absence.NOT_PRESENT, Absence.NOT_PRESENT)
    assert written.precision is Precision.MINUTE


@pytest.mark.parametrize(
    "raw",
    [
        b"Mon, 30 Feb 2004 10:00:00 +0000",
        b"29 Feb 1900 10:00:00 +0000",
        b"1 Jan 2004 25:00:00 +0000",
        b"1 Jan 2004 10:60:00 +0000",
        b"1 Jan 2004 10:00:61 +0000",
        b"1 Jan 20044 10:00:00 +0000",
        b"1 Jan 0004 10:00:00 +0000",
        b"1 Jan 2004 10:00:00 PM",
        b"1 Jan 2004 10:00:00 PM +0000",
        b"1 Januar 2004 10:00:00 +0000",
        b"1 Jan 2004 10:00:00 p.m.",
        b"1 Jan 2004 10:00:00 \xe4\xb8\x8b\xe5\x8d\x88",
        b"1 Jan 2004 10:00:00 +0000, 2 Jan 2004 10:00:00 +0000",
        b"1 Jan 2004 10:00:00:12 +0000",
        b"1 Jan 2004 10:0",
        b"1 Jan 2004 10",
        b"1 Jan 2004 10.0.0 +0000",
        b"1 Jan 20",
        b"2004-02-30 10:00:00",
        b"01.02.2004 10:00:00",
        b"20 11 79 05:34:27 -0300",
        b"yesterday",
        b"",
        b"1 Jan 2004 10:00:00 +0000 " * 20,
    ],
)
def test_impossible_or_unclear_is_never_tidied(raw: bytes) -> None:
    written = parse_date(raw)
    assert (written.instant, written.wall, written.offset_s) == (Absence.UNPARSABLE,) * 3


ODD_ZONES = [
    *(b"-9900", b"+2400", b"+0160", b"0000", b"0100", b"02:00", b"+020", b"+02", b"+02:0", b"+", b"+02000", b"-5'00'"),
    *(b"\xe2\x88\x920500", b'"GMT"', b"+-0200", b"?0200"),
]


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_odd_zone_leaves_the_wall_reading(zone: bytes) -> None:
    written = parse_date(b"Thu, 1 Jan 2004 10:00:00 " + zone)
    assert (written.instant, written.offset_s) == (Absence.UNPARSABLE, Absence.UNPARSABLE)
    assert written.wall == 1072951200 * TICKS


def test_odd_zone_in_asctime() -> None:
    written = parse_date(b"Thu Jan  1 10:00:00 2004 +020")
    assert (written.wall, written.offset_s) == (1072951200 * TICKS, Absence.UNPARSABLE)


def test_last_group_of_one_digit_may_be_cut() -> None:
    written = parse_date(b"Thu, 1 Oct 2015 14:40:5")
    assert (written.wall, written.precision) == (1443710400 * TICKS, Precision.MINUTE)


@pytest.mark.parametrize("raw", [b"Thu, 1 Oct 2015", b"1 Oct 2015 (a day)", b"2015-10-01"])
def test_day_alone(raw: bytes) -> None:
    written = parse_date(raw)
    assert (written.instant, written.wall, written.precision) == (
        Absence.NOT_PRESENT,
        1443657600 * TICKS,
        Precision.DAY,
    )


def test_leap_second_keeps_the_written_day() -> None:
    for raw in (b"Wed, 31 Dec 2008 23:59:60 +0000", b"Thu, 1 Jan 2009 00:59:60.5 +0100", b"2008-12-31 23:59:60Z"):
        written = parse_date(raw)
        assert isinstance(written.instant, int) and written.instant // TICKS == 1230767999


def test_fraction_gives_precision() -> None:
    written = parse_date(b"Thu, 02 Apr 2020 07:53:55.516 +0000 (UTC)")
    assert (written.instant, written.precision) == (15858140355160000, Precision.MILLISECOND)
    written = parse_date(b"2024-06-28 11:15:25.610180118 +0000")
    assert (written.instant, written.precision) == (17195733256101801, Precision.TICK)


def test_asctime_of_a_separator_line() -> None:
    written = parse_asctime(b"Fri Nov 21 09:55:06 1997")
    assert (written.wall, written.instant, written.weekday) == (880106106 * TICKS, Absence.NOT_PRESENT, 4)
    assert parse_asctime(b"no date") is NO_DATE


def test_weekday_is_what_is_named() -> None:
    assert weekday_named(b" Tue, 1 Jul 2003 10:52:37 +0200") == 1
    assert weekday_named(b"sunday, 1 Jul 2003") == 6
    assert weekday_named(b"1 Jul 2003 10:52:37 +0200") is None
    assert parse_date(b"Wed, 1 Jul 2003 10:52:37 +0200").weekday == 2


@given(st.binary(max_size=80) | st.text("0123456789:+- MonJanZGT,()", max_size=60).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    written = parse_date(raw)
    assert written.wall is Absence.UNPARSABLE or isinstance(written.wall, int)
