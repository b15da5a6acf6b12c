import pytest

from forensics.model.items import Limits
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.fields import read_fields
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.reading import Reading


def reading_of(raw: bytes) -> Reading:
    return read_fields(raw, Reader(raw, b"\n", Limits()).message(len(raw)), "", 1000)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        (b"Date: yesterday", ["mail.date_unparsable"]),
        (b"Date: Thu, 1 Oct 2015 14:40:57 0100", ["mail.date_zone"]),
        (b"Date: Thu, 1 Oct 2015 14:40:57 EST5EDT", []),
        (b"Date: Thu, 1 Oct 2015 14:40:5 (x)", ["mail.date_cut"]),
        (b"Date: Thu, 1 Oct 2015 14:40 +0200", []),
        (b"Date: Thu, 1 Oct 2015 14:40", []),
        (b"Resent-Date:", ["mail.date_unparsable"]),
        (b"Received: from a by b; 22/08/2002 10:25:57", ["mail.date_unparsable"]),
        (b"Received: from a by b id 1 from c by d id 2; 1 Jan 2001 00:00:00 +0000", ["mail.received_folded"]),
        (b"X-Received: by b; today", ["mail.date_unparsable"]),
        (b"Received: from a by b on 22/08/2002 10:25:57", ["mail.received_undated"]),
        (b"Received: from a (10.11.12.13 [::1]) by b", []),
    ],
)
def test_dates_that_cannot_be_read_are_told(field: bytes, codes: list[str]) -> None:
    raw = field + b"\n\n"
    reading = reading_of(raw)
    assert [one.code for one in reading.notices] == codes
    for one in reading.notices:
        assert one.locator is not None
        ((start, end),) = one.locator.ranges
        assert 0 <= start <= end <= len(raw)


def test_hops_of_one_folded_field_stand_in_the_trace_each_with_its_time() -> None:
    first, second = b"Fri, 28 Jun 2024 11:15:24 +0000", b"Fri, 28 Jun 2024 09:15:22 +0000"
    raw = b"Received: from a by b id 1; " + first + b"\n from c by a id 2; " + second + b"\nReceived: by c\n\n"
    reading = reading_of(raw)
    assert [(hop.index, hop.by, hop.id.value) for hop in reading.trace] == [(0, "b", "1"), (1, "a", "2"), (2, "c", "")]
    assert [(one.locator.path, one.raw, one.owner) for one in reading.timestamps] == [
        ("header:Received[0]", first, "b"),
        ("header:Received[1]", second, "a"),
    ]
    for hop, stamp in zip(reading.trace, reading.timestamps, strict=False):
        assert raw[slice(*stamp.locator.ranges[0])] == stamp.raw
        assert raw[slice(*hop.id.locator.ranges[0])] == hop.id.raw == hop.id.value.encode()
        assert raw[slice(*hop.locator.ranges[0])] == hop.raw and hop.raw.startswith(b"Received: from a by b")
    assert [one.code for one in reading.notices] == ["mail.received_folded"]


STAMP = b"Mon, 6 Mar 2017 10:00:00 +0000"


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        (b"Date: " + STAMP, ["date"]),
        (b"NNTP-Posting-Date: " + STAMP, ["nntp_posting_date"]),
        (b"received: from a by b (Exim 4.80) id 1ckpLh-0005Ab-C1; " + STAMP, ["hop", "hop_id"]),
        (b"X-Received: by b; " + STAMP, ["inner_hop"]),
        (b"X-OriginalArrivalTime: 06 Mar 2017 10:00:00.0000 (UTC) FILETIME=[5C8C5200:01D29660]",
         ["arrival", "arrival_filetime"]),
        (b"X-MS-Exchange-CrossTenant-OriginalArrivalTime: 06 Mar 2017 10:00:00.0000 (UTC)", ["tenant_arrival"]),
        (b"DKIM-Signature: v=1; d=a.example; t=1488794400; x=1488880800; bh=x; b=x", ["signed", "signed_until"]),
        (b"ARC-Seal: i=1; d=a.example; t=1488794400; b=x", ["sealed"]),
        (b"ARC-Message-Signature: i=1; d=a.example; t=1488794400; bh=x; b=x", ["arc_signed"]),
        (b"X-GM-THRID: 1561114141786124345", ["gmail_thread"]),
        (b"X-IMAPbase: 1027336128 2", ["uid_validity"]),
    ],
)  # fmt: skip
def test_every_field_names_its_times_and_counts_itself(field: bytes, kinds: list[str]) -> None:
    twice = reading_of(field + b"\n" + field + b"\n\n")
    found = [(one.kind, one.index) for one in twice.timestamps]
    assert found == [(TimeKind(kind), place) for place in (0, 1) for kind in kinds]
