import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, ClockKind
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers.identify import identify
from forensics.parsers.mail import delivery_status, rfc5322

WHERE = Location((Step(kind=StepKind.FILE, name="1.eml", start=0, end=0, source="s"),))
STATUS = b"""Reporting-MTA: dns; MX.two.example
X-Postfix-Queue-ID: 8F2C71C0A1
X-Postfix-Sender: rfc822; ada@one.example
Arrival-Date: Tue,  5 Jul 2016 11:33:22 +0200 (CEST)

Final-Recipient: rfc822; ben@two.example
Original-Recipient: rfc822;ben@two.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user
Last-Attempt-Date: Tue, 5 Jul 2016 11:34:00 +0200

Final-Recipient: rfc822; cy@two.example
Action: delayed
Status: 4.4.1
Will-Retry-Until: Sun, 10 Jul 2016 11:33:22 +0200
"""
DISPOSITION = (
    b"Reporting-UA: pc.two.example; Mailer 1\nFinal-Recipient: rfc822; ben@two.example\n"
    b"Original-Message-ID: <1@one.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n"
)
FEEDBACK = (
    b"Feedback-Type: abuse\nUser-Agent: Reporter/1\nVersion: 1\nArrival-Date: Thu, 8 Mar 2007 14:00:00 -0500\n"
    b"Source-IP: 192.0.2.1\n"
)


def read(data: bytes) -> tuple[DocumentFacts, list[Notice]]:
    found = list(delivery_status.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert isinstance(found[-1], DocumentFacts)
    return found[-1], [one for one in found if isinstance(one, Notice)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_fields_and_times_of_a_delivery_report(end: bytes) -> None:
    data = STATUS.replace(b"\n", end)
    facts, notices = read(data)
    assert notices == [] and facts.media_type == "message/delivery-status"
    assert [(one.kind, one.instant, one.locator.path) for one in facts.timestamps] == [
        (TimeKind.REPORT_ARRIVAL, ticks("2016-07-05T09:33:22+00:00"), "report:Arrival-Date"),
        (TimeKind.REPORT_ATTEMPT, ticks("2016-07-05T09:34:00+00:00"), "recipient[0]:Last-Attempt-Date"),
        (TimeKind.REPORT_RETRY, ticks("2016-07-10T09:33:22+00:00"), "recipient[1]:Will-Retry-Until"),
    ]
    assert {(one.clock, one.owner) for one in facts.timestamps} == {(ClockKind.SERVER, "mx.two.example")}
    said = {one.locator.path: (one.name, one.value) for one in facts.properties}
    assert said["recipient[1]:Status"] == ("delivery_status.status", "4.4.1")
    assert said["recipient[0]:Diagnostic-Code"][1] == "smtp; 550 5.1.1 no such user"
    assert said["report:X-Postfix-Queue-ID"][1] == "8F2C71C0A1"
    assert len(said) == len(facts.properties) == 11
    for one in (*facts.properties, *facts.timestamps):
        assert data[slice(*one.locator.ranges[0])] == one.raw


def test_other_reports() -> None:
    assert read(DISPOSITION)[0].media_type == "message/disposition-notification"
    facts, _ = read(FEEDBACK)
    assert facts.media_type == "message/feedback-report"
    assert [(one.kind, one.instant) for one in facts.timestamps] == [
        (TimeKind.REPORT_ARRIVAL, ticks("2007-03-08T19:00:00+00:00"))
    ]


def test_a_date_that_is_none_stays_with_its_bytes() -> None:
    facts, notices = read(b"Reporting-MTA: dns; a.example\nArrival-Date: soon\n\nAction: failed\n")
    assert [(one.instant, one.raw) for one in facts.timestamps] == [(Absence.UNPARSABLE, b"soon")]
    assert [one.code for one in notices] == ["delivery_status.date_unparsable"]


def test_lines_that_are_none_and_text_behind_are_told() -> None:
    facts, notices = read(b"Action: failed\nno field\nStatus: 5.0.0\n\nSee the attached mail for what it was.\n")
    assert len(facts.properties) == 2
    assert [(one.code, one.unread) for one in notices] == [("delivery_status.line", 9), ("delivery_status.rest", 40)]


def test_a_field_that_is_repeated_keeps_both() -> None:
    facts, _ = read(b"Action: failed\nStatus: 5.0.0\nStatus: 5.0.1\n")
    assert [one.locator.path for one in facts.properties] == ["report:Action", "report:Status", "report:Status[1]"]


@pytest.mark.parametrize(
    ("data", "declared", "parser"),
    [
        (STATUS, "message/delivery-status", "mail.delivery_status"),
        (STATUS, "", "mail.delivery_status"),
        (DISPOSITION, "", "mail.delivery_status"),
        (FEEDBACK, "", "mail.delivery_status"),
        (b"Action: failed\n", "message/delivery-status", "mail.delivery_status"),
        (b"X-Note: a\nStatus: 5.0.0\n", "message/delivery-status", "mail.delivery_status"),
        (b"Dear reader\n", "message/delivery-status", None),
        (b"From: ada@one.example\nTo: ben@two.example\nSubject: x\nAction: failed\nStatus: 1\n\n", "", "mail.rfc5322"),
        (b"Status: RO\nFrom: ada@one.example\nDate: x\nSubject: x\n\nText.\n", "", "mail.rfc5322"),
    ],
)
def test_which_text_is_a_report(data: bytes, declared: str, parser: str | None) -> None:
    assert identify(data, MemoryBytes(data), b"", declared) == parser


def test_text_without_such_a_field_is_refused() -> None:
    with pytest.raises(WrongFormat):
        read(b"Dear reader,\n\nnothing.\n")


def test_the_report_of_a_mail_is_an_item_of_it() -> None:
    mail = (
        b"From: MAILER-DAEMON@two.example\nSubject: undelivered\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n\n"
        b"--b\nContent-Type: message/delivery-status\n\n" + STATUS + b"\n--b--\n"
    )
    found = list(rfc5322.parse(MemoryBytes(mail), WHERE, ParseContext()))
    assert any(isinstance(one, Message) for one in found)
    (child,) = [one for one in found if isinstance(one, ChildItem)]
    assert isinstance(child.content, bytes)
    assert (
        identify(child.content, MemoryBytes(child.content), child.name, child.declared_type) == "mail.delivery_status"
    )


@given(st.sampled_from([STATUS, DISPOSITION, FEEDBACK]), st.data())
def test_any_change_gives_facts_or_an_error(good: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(good)))
    data = good[:at] + draw.draw(st.binary(max_size=6)) + good[draw.draw(st.integers(at, len(good))) :]
    try:
        facts, _ = read(data)
    except ParseError:
        return
    paths = [one.locator.path for one in (*facts.properties, *facts.timestamps)]
    assert len(paths) == len(set(paths))
