"""Numbers that lists and mailboxes give to their mails, and trackers to what they are told of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.numbering import TRACKERS


def parsed(fields: str, where: Location) -> tuple[bytes, Message]:
    data = f"{fields}From: Bugs@b.example\n\nHello.\n".encode()
    read = rfc5322.parse(MemoryBytes(data), where, ParseContext())
    return data, next(one for one in read if isinstance(one, Message))


@pytest.mark.parametrize(
    ("fields", "by", "number"),
    [
        ("Return-Path: <board+bounces-3215-ben=two.example@Lists.example>\n", "board@lists.example", "3215"),
        ("Return-Path: <board-return-17-ben=two.example@lists.example>\n", "board@lists.example", "17"),
        ("Return-Path: <board-bounces@lists.example>\n", "", ""),
        ("Return-Path: <board+bounces-12345678901-b=c@lists.example>\n", "", ""),
        ("X-archive-position: 5636\nX-list: board\n", "x-archive-position board", "5636"),
        ("X-Mail-Count: 00042\nX-ML-Name: Board\n", "x-mail-count board", "42"),
        ("X-Sequence: 7\n", "x-sequence ", "7"),
        ("X-Sequence: seven\n", "", ""),
        ("Subject: 7\n", "", ""),
        ("X-ML-Name: Board\nX-ML-Count: 00043\n", "x-ml-count board", "43"),
        ("Return-Path: <sentto-224-603-1038998528-ben=two.example@g.example>\n", "sentto-224@g.example", "603"),
        ("X-eGroups-Return: sentto-224-603-1038998528-ben=two.example@g.example\n", "sentto-224@g.example", "603"),
        ("X-Mailing-List: <Board@l.example> archive/latest/12\n", "x-mailing-list board@l.example", "12"),
        ("X-Mailing-List: board@l.example\n", "", ""),
        ("Subject: [Board:00044] Re: Tea\nX-ML-Name: Board\n", "subject board", "44"),
        ("Subject: (board 45) Tea\nList-Id: Us <board.lists.example>\n", "subject board", "45"),
        ("List-Post: <mailto:board@lists.example>\nSubject: [board,46] Tea\n", "subject board", "46"),
        ("Subject: Re: [Board:44] Tea\nX-ML-Name: Board\n", "", ""),
        ("Subject: [Board 2017] Tea\nX-ML-Name: Board\n", "", ""),
        ("Subject: [PATCH 44] Tea\nX-ML-Name: Board\n", "", ""),
        ("Subject: [board 44] Tea\nTo: board@lists.example\n", "", ""),
        ("Return-Path: <b+bounces-9-c=d@e.example>\nX-Sequence: 7\nX-Sequence: 8\n", "x-sequence ", "7"),
    ],
)
def test_numbers(fields: str, by: str, number: str, where: Location) -> None:
    data, message = parsed(fields, where)
    found = message.list_number
    assert (message.numbered_by, found.value) == (by, number)
    assert bool(found.raw) is bool(number)
    for start, end in found.locator.ranges:
        assert data[start:end] == found.raw


TRACKED = "X-Bugzilla-Reason: AssignedTo\n"


@pytest.mark.parametrize(
    ("fields", "kind", "by", "number", "opens"),
    [
        ("X-UID: 77   \nX-UID: 9\n", "uid", "", "77", False),
        (f"Subject: [Bug 31] New: Tea\n{TRACKED}", "ticket", "bugzilla bugs@b.example", "31", True),
        (f"Subject: [tea-dev] [Bug 31] New: Tea\n{TRACKED}", "ticket", "bugzilla bugs@b.example", "31", True),
        (f"Subject: [Bug 31] Tea\n{TRACKED}", "ticket", "bugzilla bugs@b.example", "31", False),
        (f"Subject: [Bug 31] Tea\n{TRACKED}X-Bugzilla-Type: new\n", "ticket", "bugzilla bugs@b.example", "31", True),
        ("X-Launchpad-Bug: product=tea\nSubject: [Bug 31] [NEW] Tea\n", "ticket", "launchpad", "31", True),
        ("X-Launchpad-Bug: product=tea\nSubject: [Bug 31] Re: Tea\n", "ticket", "launchpad", "31", False),
        ("Subject: [JIRA] (TEA-9) Tea\n", "ticket", "jira tea b.example", "9", False),
        ("Subject: [jira] [Work logged] (TEA-9) Tea\n", "ticket", "jira tea b.example", "9", False),
        ("X-Debian-PR-Message: report 940730\n", "ticket", "debian bugs", "940730", True),
        ("X-GNU-PR-Message: followup 73\n", "ticket", "gnu bugs", "73", False),
        ("RT-Ticket: Help #12\nSubject: [Help #12] AutoReply: Tea\n", "ticket", "rt help", "12", True),
        ("X-RT-Ticket: help.example #12\nSubject: [help.example #12] Tea\n", "ticket", "rt help.example", "12", False),
        ("X-Redmine-Host: r.example\nX-Redmine-Issue-Id: 5\n", "ticket", "redmine r.example", "5", False),
        ("X-Redmine-Issue-Id: 5\nMessage-ID: <redmine.issue-5.2017@r.example>\n", "ticket", "redmine", "5", True),
        ("X-Trac-Project: Tea\nX-Trac-Ticket-ID: 6\n", "ticket", "trac tea", "6", True),
        ("X-Trac-Ticket-ID: 6\nIn-Reply-To: <061.1@t.example>\n", "ticket", "trac", "6", False),
        ("X-GitLab-Project-Path: a/tea\nX-GitLab-Issue-IID: 7\n", "ticket", "gitlab issue a/tea", "7", False),
        ("X-GitHub-Sender: anna\nMessage-ID: <a/tea/pull/8@github.com>\n", "ticket", "github a/tea", "8", True),
        ("X-GitHub-Sender: ben\nMessage-ID: <a/tea/issues/8/99@github.com>\n", "ticket", "github a/tea", "8", False),
        ("Subject: [jira] [Created] (TEA-9) Tea\n", "ticket", "jira tea b.example", "9", True),
        ("Subject: [jira] Commented: (TEA-9) Tea\n", "ticket", "jira tea b.example", "9", False),
    ],
)
def test_given_numbers(fields: str, kind: str, by: str, number: str, opens: bool, where: Location) -> None:
    data, message = parsed(fields, where)
    (found,) = message.given
    assert (found.kind, found.by, found.written.value, found.opens) == (kind, by, number, opens)
    ((start, end),) = found.written.locator.ranges
    assert data[start:end] == found.written.raw


@pytest.mark.parametrize(
    "fields",
    [
        "Subject: [Bug 31] New: Tea\n",
        "Subject: Re: [jira] [Created] (TEA-9) Tea\n",
        f"Subject: Tea\n{TRACKED}",
        "X-Debian-PR-Message: owner 3 4\n",
        "X-Trac-Ticket-ID: six\n",
        "X-UID: \n",
        "X-GitHub-Sender: anna\nMessage-ID: <8@github.com>\n",
    ],
)
def test_what_names_no_number(fields: str, where: Location) -> None:
    assert parsed(fields, where)[1].given == ()


@given(st.lists(st.sampled_from([*TRACKERS, "subject", "x-uid", "message-id", "x-ml-name"])), st.binary(max_size=60))
def test_any_value_is_read_or_left(keys: list[str], value: bytes) -> None:
    fields = b"".join(key.encode() + b": " + value.replace(b"\n", b"") + b"\n" for key in keys)
    where = Location((Step(kind=StepKind.FILE, name=b"a", start=0, end=9, source="s"),))
    for one in rfc5322.parse(MemoryBytes(fields + b"\n"), where, ParseContext()):
        assert not isinstance(one, Notice) or one.code != "mail.reading_fault"
