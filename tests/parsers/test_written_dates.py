from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.facts import TICKS_PER_SECOND, Absence, Precision
from forensics.parsers._written_dates import COARSE, UNPARSABLE, UNSET, WrittenDate, exif_date, pdf_date, w3cdtf


def ticks(*fields: int, extra: int = 0) -> int:
    return int(datetime(*fields, tzinfo=UTC).timestamp()) * TICKS_PER_SECOND + extra  # type: ignore[misc, arg-type]


NOON = ticks(2017, 3, 6, 12, 0, 0)
HOUR = 3600 * TICKS_PER_SECOND
NO = Absence.NOT_PRESENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-03-06T12:00:00Z", WrittenDate(NOON, NOON, 0, Precision.SECOND)),
        ("2017-03-06T12:00:00+01:00", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("2017-03-06T12:00:00-05:30", WrittenDate(NOON + 11 * HOUR // 2, NOON, -19_800, Precision.SECOND)),
        ("2017-03-06T12:00:00-00:00", WrittenDate(NOON, NOON, NO, Precision.SECOND)),
        ("2017-03-06T12:00:00", WrittenDate(NO, NOON, NO, Precision.SECOND)),
        ("2017-03-06T12:00Z", WrittenDate(NOON, NOON, 0, Precision.MINUTE)),
        ("2017-03-06T12:00:00.5Z", WrittenDate(NOON + 5_000_000, NOON + 5_000_000, 0, Precision.MILLISECOND)),
        ("2017-03-06T12:00:00.000001", WrittenDate(NO, NOON + 10, NO, Precision.MICROSECOND)),
        ("2017-03-06T12:00:00.123456789", WrittenDate(NO, NOON + 1_234_567, NO, Precision.TICK)),
        (" 2017-03-06T12:00:00Z\n", WrittenDate(NOON, NOON, 0, Precision.SECOND)),
        ("2017-03-06", WrittenDate(NO, ticks(2017, 3, 6), NO, Precision.DAY)),
        ("2017-03", COARSE),
        ("2017", COARSE),
        ("0001-01-01T00:00:00Z", WrittenDate(ticks(1, 1, 1), ticks(1, 1, 1), 0, Precision.SECOND)),
    ],
)
def test_w3cdtf(text: str, expected: WrittenDate) -> None:
    assert w3cdtf(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2017-13",
        "2017-02-30",
        "2017-03-06T24:00:00Z",
        "2017-03-06T12:00:61Z",
        "2017-03-06 12:00:00",
        "2017-03-06T12:00:00CEST",
        "0000-01-01T00:00:00Z",
        "2017:03:06 12:00:00",
        "6/3/2017",
        "٢٠١٧-03-06",
    ],
)
def test_w3cdtf_refuses(text: str) -> None:
    assert w3cdtf(text) == UNPARSABLE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("D:20170306120000Z", WrittenDate(NOON, NOON, 0, Precision.SECOND)),
        ("D:20170306120000Z'", WrittenDate(NOON, NOON, 0, Precision.SECOND)),
        ("D:20170306120000Z00'00'", WrittenDate(NOON, NOON, 0, Precision.SECOND)),
        ("D:20170306120000+01'00'", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("D:20170306120000+01'00", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("D:20170306120000+0100", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("D:20170306120000+01'", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("D:20170306120000+01", WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        ("D:20170306120000-05'30'", WrittenDate(NOON + 11 * HOUR // 2, NOON, -19_800, Precision.SECOND)),
        ("20170306120000", WrittenDate(NO, NOON, NO, Precision.SECOND)),
        ("D:20170306120000\0", WrittenDate(NO, NOON, NO, Precision.SECOND)),
        ("D:201703061200", WrittenDate(NO, NOON, NO, Precision.MINUTE)),
        ("D:20170306", WrittenDate(NO, ticks(2017, 3, 6), NO, Precision.DAY)),
        ("D:2017030612", COARSE),
        ("D:201703", COARSE),
        ("D:2017", COARSE),
    ],
)
def test_pdf_date(text: str, expected: WrittenDate) -> None:
    assert pdf_date(text) == expected


@pytest.mark.parametrize(
    "zone", ["+25'00'", "+01'60'", "Z07'46'", "Z'0", "+", "-5'00'", "+1", " EST", "GMT+2", "-'00'", "+01:00", "'"]
)
def test_pdf_date_keeps_the_reading_before_an_odd_zone(zone: str) -> None:
    expected = WrittenDate(Absence.UNPARSABLE, NOON, Absence.UNPARSABLE, Precision.SECOND)
    assert pdf_date(f"D:20170306120000{zone}") == pdf_date(f"20170306120000{zone}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "D:",
        "D:191170306120000",
        "D:20171306120000",
        "D:20171306120000+25'00'",
        "D:2017030612+x",
        "D:01210306120000+01'64'",
        "D:201703061200001",
        "D:20170306120000.5",
        "2017-03-06T12:00:00Z",
        "8/2/2007 13:49:06",
        "D:20170306020000PM",
        "D:20170306020000 p.m.",
        "Mon Mar  6 12:00:00 2017",
    ],
)
def test_pdf_date_refuses(text: str) -> None:
    assert pdf_date(text) == UNPARSABLE


@pytest.mark.parametrize("zone", ["+24:00", "+01:60", "+0100", "+01:0", "+", "-5:00"])
def test_odd_zone_in_xml_leaves_the_wall_reading(zone: str) -> None:
    odd = WrittenDate(Absence.UNPARSABLE, NOON, Absence.UNPARSABLE, Precision.SECOND)
    assert w3cdtf(f"2017-03-06T12:00:00{zone}") == odd
    assert w3cdtf(f"2017-03-06T12:00{zone}") == odd._replace(precision=Precision.MINUTE)


def test_leap_second_keeps_the_written_day() -> None:
    last = ticks(2008, 12, 31, 23, 59, 59)
    assert w3cdtf("2008-12-31T23:59:60Z") == WrittenDate(last, last, 0, Precision.SECOND)
    assert pdf_date("D:20081231235960Z") == WrittenDate(last, last, 0, Precision.SECOND)
    assert exif_date("2008:12:31 23:59:60").wall == last


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("2017:03:06 12:00:00",), WrittenDate(NO, NOON, NO, Precision.SECOND)),
        (("2017:03:06 12:00:00", "25 "), WrittenDate(NO, NOON + 2_500_000, NO, Precision.MILLISECOND)),
        (("2017:03:06 12:00:00", "", "+01:00"), WrittenDate(NOON - HOUR, NOON, 3600, Precision.SECOND)),
        (("2017:03:06 12:00:00", "x", "+99:00"), WrittenDate(NO, NOON, NO, Precision.SECOND)),
        (("0000:00:00 00:00:00",), UNSET),
        (("    :  :     :  :  ",), UNSET),
        (("",), UNSET),
        (("2017-03-06 12:00:00",), UNPARSABLE),
        (("2017:02:30 12:00:00",), UNPARSABLE),
    ],
)
def test_exif_date(fields: tuple[str, ...], expected: WrittenDate) -> None:
    assert exif_date(*fields) == expected


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-1439, 1439))  # noqa: DTZ001
def test_forms_agree(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    stem = f"{moment:%m%d%H%M%S}"
    year = f"{moment.year:04}"
    pdf = pdf_date(f"D:{year}{stem}{sign}{hours:02}'{rest:02}'")
    iso = w3cdtf(f"{year}-{moment:%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}")
    exif = exif_date(f"{year}:{moment:%m:%d %H:%M:%S}", "", f"{sign}{hours:02}:{rest:02}")
    assert pdf == exif
    assert iso.wall == pdf.wall == pdf.instant + minutes * 60 * TICKS_PER_SECOND  # type: ignore[operator]
    assert iso.instant == pdf.instant


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (w3cdtf, pdf_date, exif_date):
        assert isinstance(read(text), WrittenDate)
