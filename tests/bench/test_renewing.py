import base64
import re
from datetime import timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest

from forensics.model.facts import TICKS_PER_SECOND
from forensics.parsers.mail.tokens.queue_ids import network_id
from forensics.parsers.mail.tokens.thread_index import thread_index
from samples.planting.bodyhash import body_hash, holds
from samples.planting.mail import Mail
from tests.bench.renewing import WEEK_S, Renewer

PARENT = "20220404050559.132378-1-anna@list.example"
BODY = b"""--0000000000001d2f3b05e0671d8e
Content-Type: text/plain

On Fri, 28 Oct 2022 at 19:30, Anna wrote:
> Yes.

--0000000000001d2f3b05e0671d8e
Content-Type: image/png
Content-ID: <image001.png@01D8759D.4B5C7D80>

x
--0000000000001d2f3b05e0671d8e--
"""
MAIL = (
    b"""Received: from a.example (a.example [192.0.2.1])
\tby mx.example (Postfix) with ESMTPS id 4MzLJd1khJz3cCZ
\tfor <board@list.example>; Wed,  1 Jun 2022 20:12:14 +0200 (CEST)
Authentication-Results: mx.example; dkim=pass header.d=list.example header.b=kBs/HAWx
Received: from b.example (2603:10a6::1) by a.example
\twith Microsoft SMTP Server id 15.20.5314.13; Wed, 1 Jun 2022 18:12:13 +0000
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=list.example; s=k1;
\tt=1654107120; x=1654193520;
\tbh=%b;
\th=Date:From:Subject;
\tb=kBs/HAWx4uM3HDoEzXU7+T8V9lyNwNqn4zd6Uh/AJGNo4QD8EzwUXHg8SF5aQu/eR
\t 7g==
Date: Wed, 1 Jun 2022 20:11:57 +0200
From: Anna <anna@list.example>
Subject: Minutes of 1 Jun 2022 10:00
Message-ID: <Yper7agk7XfCCQNa@b.example>
References: <20220404050559.132378-1-anna@list.example>
 <87r1pq0abc.fsf@b.example>
In-Reply-To: <20220404050559.132378-1-anna@list.example>
Thread-Index: %b
X-MS-Exchange-CrossTenant-Network-Message-Id: 7d1f0a52-9c1e-4c3a-8f3b-08da43ef5a10
X-OriginalArrivalTime: 01 Jun 2022 18:12:13.0123 (UTC) FILETIME=[4B5C7D80:01D875E3]
Content-Type: multipart/mixed; boundary="0000000000001d2f3b05e0671d8e"

"""
    % (body_hash(BODY).encode(), base64.b64encode(bytes.fromhex("01d875e34b5c") + bytes(range(16))))
    + BODY
)
"""Invented, with all that is renewed."""

BY = timedelta(weeks=2)


@pytest.fixture
def old() -> Mail:
    return Mail.parse(MAIL)


@pytest.fixture
def new() -> Mail:
    return Mail.parse(Renewer(2).mail(MAIL))


def test_dates_move_by_whole_weeks_and_their_weekdays_stay(old: Mail, new: Mail) -> None:
    for name in ("Received", "Date"):
        for before, after in zip(old.all(name), new.all(name), strict=True):
            dates = [field.value.rpartition("; ")[2].partition(" (")[0] for field in (before, after)]
            first, second = map(parsedate_to_datetime, dates)
            assert second - first == BY
            assert second.utcoffset() == first.utcoffset()
            assert dates[0][:3] == dates[1][:3] == f"{second:%a}"
    assert len(new.data()) == len(MAIL) + 2, "'Wed, 1 Jun' grew twice, 'Wed,  1 Jun' used its blank"


def test_signed_times_move(new: Mail) -> None:
    seconds = [int(text) for text in re.findall(r"[tx]=(\d+)", new.value("DKIM-Signature"))]
    assert seconds == [1654107120 + 2 * WEEK_S, 1654193520 + 2 * WEEK_S]


def test_a_thread_holds_within_a_copy_and_only_there(new: Mail) -> None:
    parent = Mail.parse(Renewer(2).mail(f"Message-ID: <{PARENT}>\n\nx\n".encode()))
    assert parent.value("Message-ID") == new.value("In-Reply-To") == new.value("References").split()[0]
    assert parent.value("Message-ID") != f"<{PARENT}>"
    other = Mail.parse(Renewer(3).mail(MAIL))
    assert other.value("In-Reply-To") != new.value("In-Reply-To")


def test_no_token_is_left(new: Mail) -> None:
    tokens = ("Yper7agk7XfCCQNa", "87r1pq0abc", "4MzLJd1khJz3cCZ", "kBs/HAWx", "0000000000001d2f3b05e0671d8e")
    assert [token for token in (*tokens, "7d1f0a52", "01D8759D") if token.encode() in new.data()] == []


def test_what_is_no_token_stays(old: Mail, new: Mail) -> None:
    assert [field.name for field in new.fields] == [field.name for field in old.fields]
    for name in ("From", "Subject"):
        assert new.all(name) == old.all(name)
    assert "id 15.20.5314.13;" in new.all("Received")[1].value
    assert b"On Fri, 28 Oct 2022 at 19:30" in new.body


def test_the_parts_are_found_again(new: Mail) -> None:
    kinds = [part.get_content_type() for part in message_from_bytes(new.data()).walk()]
    assert kinds == ["multipart/mixed", "text/plain", "image/png"]


def test_a_body_hash_that_held_holds_and_one_that_did_not_stays(new: Mail) -> None:
    assert holds(new)
    broken = re.sub(rb"bh=\S+;", b"bh=AAAAnaG4f6v1X+0b1Icwpx1CnomvwrWKo4GYEBNHb+8=;", MAIL)
    assert b"bh=AAAAnaG4f6v1X+0b1Icwpx1CnomvwrWKo4GYEBNHb+8=;" in Renewer(2).mail(broken)


def test_results_name_the_new_signature(new: Mail) -> None:
    beginning = re.search(r"\bb=(\S{8})", new.value("DKIM-Signature"))
    named = re.search(r"header\.b=(\S{8})", new.value("Authentication-Results"))
    assert beginning is not None
    assert named is not None
    assert beginning[1] == named[1]


def test_a_boundary_that_holds_the_message_id_holds_the_new_one() -> None:
    local = "HK0P153MB0148E2F9A1B2C3D4E5F60718293A4"
    header = f"Message-ID: <{local}@HK0P153MB0148.PROD.OUTLOOK.COM>\nContent-Type: multipart/mixed; "
    mail = f"{header}boundary=_000_{local}HK_\n\n--_000_{local}HK_--\n"
    new = Mail.parse(Renewer(1).mail(mail.encode()))
    renewed = new.value("Message-ID")[1 : 1 + len(local)]
    assert renewed != local
    assert new.value("Content-Type").endswith(f"boundary=_000_{renewed}HK_")
    assert new.body == f"--_000_{renewed}HK_--\n".encode()


def test_the_ids_of_exchange_move(old: Mail, new: Mail) -> None:
    first, second = [thread_index(mail.value("Thread-Index").encode()) for mail in (old, new)]
    assert first is not None
    assert second is not None
    assert first.guid != second.guid
    assert 0 <= BY.total_seconds() * TICKS_PER_SECOND - (second.times[0] - first.times[0]) < 65_536
    name = "X-MS-Exchange-CrossTenant-Network-Message-Id"
    (before,), (after,) = (network_id(mail.value(name).encode()) for mail in (old, new))
    assert 0 <= BY.total_seconds() * TICKS_PER_SECOND - (after.time - before.time) < 65_536
    assert "15 Jun 2022 18:12:13.0123 (UTC) FILETIME=[" in new.value("X-OriginalArrivalTime")
    low, high = re.findall(r"[0-9A-F]{8}", new.value("X-OriginalArrivalTime"))
    moved = int(high + low, 16) - int("01D875E34B5C7D80", 16)
    assert moved == BY.total_seconds() * TICKS_PER_SECOND


def test_the_same_copy_gives_the_same_bytes(new: Mail) -> None:
    assert Renewer(2).mail(MAIL) == new.data()
