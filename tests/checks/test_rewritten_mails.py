"""Mails that a gateway or server wrote anew are not held against their program."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

FIRST = datetime(2010, 4, 1, 9, tzinfo=UTC)
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
OWN = "Message-ID: <{own}@example.com>\nDate: {date}\nFrom: {sender}\nMIME-Version: 1.0\nTo: list@lists.example\n"
ANEW = (
    "To: list@lists.example\nFrom: {sender}\nDate: {date}\n"
    "Message-Id: <ht7glk${number}$1@news.example>\nMime-Version: 1.0\n"
)


def mail(number: int, fields: str = OWN, more: str = "") -> bytes:
    at = FIRST + timedelta(hours=17 * number)
    date = f"{at:%a, %d %b %Y %H:%M:%S} +0000"
    values = {"own": f"{int(at.timestamp()):X}.{1000000 + number}", "sender": f"p{number}@example.com"}
    return (
        f"Received: from mx.lists.example by mx.example.net with ESMTP id 1A{number:05}; {date}\n{more}"
        + fields.format(**values, date=date, number=number)
        + f"Subject: topic {number}\nUser-Agent: Mozilla-Thunderbird 2.0.0.22 (X11/20090706)\n"
        + f"Content-Type: text/plain; charset=ISO-8859-1\n\nAnswer {number}.\n"
    ).encode()


def judged(archive: Archive, odd: bytes) -> list[tuple[str, frozenset[str]]]:
    return archive([*[(f"{n}.eml", mail(n)) for n in range(40)], ("odd.eml", odd)]).explained("case.client_profile")


@pytest.mark.parametrize(
    "field",
    [
        "X-Injected-Via-Gmane: http://gmane.example/",
        "X-Complaints-To: usenet@news.example",
        "NNTP-Posting-Host: 192.0.2.7",
        "newsgroups: example.test",
        "Xref: news.example example.test:17",
        "Injection-Info: news.example; posting-host=192.0.2.7",
        "X-MIMETrack: Itemize by SMTP Server on Mail/Example",
        "X-MimeOLE: Produced By Microsoft Exchange V6.5",
        "X-Nabble-From: anna",
    ],
)
def test_a_gateway_writes_ids_and_order_of_its_own(archive: Archive, field: str) -> None:
    assert judged(archive, mail(40, ANEW, f"{field}\n")) == [("three", {"rewritten_on_way"})]


@pytest.mark.parametrize("field", ["X-Complaints-To: abuse@example.com", "X-MimeOLE: Produced By Microsoft MimeOLE V6"])
def test_other_fields_of_these_names_tell_no_gateway(archive: Archive, field: str) -> None:
    assert judged(archive, mail(40, ANEW, f"{field}\n")) == [("three", frozenset())]


def test_a_mark_that_most_mails_of_the_program_bear_explains_nothing(archive: Archive) -> None:
    mark = "X-MIMETrack: Itemize by SMTP Server on Mail/Example\n"
    mails = [(f"{n}.eml", mail(n, OWN, mark)) for n in range(40)]
    found = archive([*mails, ("odd.eml", mail(40, ANEW, mark))]).explained("case.client_profile")
    assert found == [("three", frozenset())]


def test_an_id_that_a_server_gave(archive: Archive) -> None:
    given = OWN.replace("Message-ID: <{own}@example.com>\n", "")
    given += "Message-Id: <20100429090311.3A0FB1C2F7@mx.example.net>\n"
    assert judged(archive, mail(40, given)) == []
