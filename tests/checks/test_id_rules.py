"""Ids as programs and servers write them: what the mail names comes before what a token looks like."""

import pytest

from forensics.checks import load
from forensics.checks._programs import given_by_server, own_forms
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.rules import Context
from forensics.parsers.mail import rfc5322

CONTEXT = Context(as_of=ticks("2026-01-01T00:00:00Z"))
OUTLOOK = "X-Mailer: Microsoft Outlook Express 6.00.2600.0000"
MUTT = "User-Agent: Mutt/1.5.20 (2009-06-14)"
MX = "from a.example.net (a.example.net [192.0.2.10]) by mx.example.org (Postfix) with ESMTP id 4BAE313A5174"


def mail(identifier: str, date: str, *fields: str, received: tuple[str, ...] = ()) -> Message:
    lines = [*[f"Received: {one}" for one in received], f"Message-ID: <{identifier}>", f"Date: {date}"]
    lines += ["From: Alice <alice@example.net>", "To: bob@example.org", *fields, "", "It prints now.", ""]
    found = rfc5322.parse(MemoryBytes("\n".join(lines).encode()), Location(()), ParseContext())
    return next(one for one in found if isinstance(one, Message))


def bins(rule: str, message: Message) -> list[str]:
    return [one.bin for one in load(rule).check(message, CONTEXT)]


@pytest.mark.parametrize(
    ("identifier", "date", "field"),
    [
        (
            "20100518163039.19774t9qfci22adc@w.example",
            "Tue, 18 May 2010 16:30:39 -0300",
            "X-Mailer: IMP H3 (4.3.6)",
        ),
        ("20100518163039.19774t9qfci22adc@w.example", "Tue, 18 May 2010 16:30:39 -0300", "X-Priority: 3"),
        ("20180726171355.Horde.KlFUG9wXmbRDCiyhk5bHsw8@w.example", "Thu, 26 Jul 2018 17:13:55 +0200", "X-Priority: 3"),
        ("20020915191805.M8021@w.example", "Sun, 15 Sep 2002 14:18:05 -0500", "X-Mailer: OpenWebMail 1.71 20020827"),
        ("20020915191805.M8021@w.example", "Sun, 15 Sep 2002 14:18:05 -0500", "X-Webmail: any"),
        ("1083338187.40926dcb610a4@w.example", "Fri, 30 Apr 2004 17:16:27 +0200", "User-Agent: (IMP) 3.1"),
        ("20100907120437.a3d0bb0d@w.example", "Tue, 07 Sep 2010 14:04:37 +0200", "X-Priority: 3"),
        ("20100907140437.GA2142@w.example", "Tue, 07 Sep 2010 14:04:37 +0200", "X-Mailer: Foo Mail 2"),
        ("20100907140437.GA2142@w.example", "Tue, 07 Sep 2010 17:30:00 +0200", "X-Mailer: Foo Mail 2"),
        ("20100907140437.GA2142@w.example", "Tue, 07 Sep 2010 17:30:00 +0200", "X-Newsreader: Foo News 2"),
        ("28337441.AF50DB71@w.example", "Thu, 19 Dec 2019 23:18:34 +0500", "User-Agent: Opera Mail/10.62 (Win32)"),
        ("2E977664.8C0CCAC5@w.example", "Tue, 12 Nov 2019 07:52:07 +0100", "X-Priority: 3"),
        ("12345.6789.1.2@w.example", "Tue, 12 Nov 2019 07:52:07 +0100", "X-Priority: 3"),
    ],
)
def test_no_time_is_held_against_date_that_the_named_program_did_not_write(
    identifier: str, date: str, field: str
) -> None:
    message = mail(identifier, date, field, received=(f"{MX}; {date}",))
    assert bins("mail.message_id_time", message) == []
    assert bins("mail.id_form", message) == []


@pytest.mark.parametrize(
    ("identifier", "field", "server", "expected"),
    [
        ("20191128150721.GA20142@h.example", MUTT, "Sat, 4 Mar 2017 09:00:05 +0000", "later>1d"),
        ("5DDFE0D9.6030109@h.example", "User-Agent: Thunderbird 2.0", "Sat, 4 Mar 2017 09:00:05 +0000", "later>1d"),
        ("5DDFE0D9.6030109@h.example", "X-Priority: 3", "Thu, 28 Nov 2019 15:00:00 +0000", "later>1d"),
        ("5DDFE0D9.6030109@h.example", "X-Mailer: Foo 1", "Thu, 28 Nov 2019 15:00:00 +0000", "later>1d"),
        ("20191128150721.GA20142@h.example", "X-Priority: 3", "Sat, 4 Mar 2017 09:00:05 +0000", "later>1d"),
        ("20170306104100.GA20142@h.example", MUTT, "Mon, 6 Mar 2017 09:00:05 +0000", "later>1h"),
        ("m2elcknqe2.fsf@h.example", "X-Mailer: Foo 1", "Sat, 4 Mar 2017 09:00:05 +0000", "earlier>1d"),
        ("20191128150721.k53nspuqzbgx4zlq@h.example", "User-Agent: NeoMutt/20180716", "none", "later>1d"),
        ("20191128150721.19774t9qfci22adc@h.example", "User-Agent: Horde Application Framework", "none", "later>1d"),
        ("1574953641.5ddfe2a9610a4@h.example", "User-Agent: (IMP) 3.1", "none", "later>1d"),
    ],
)
def test_a_date_set_back_is_still_seen(identifier: str, field: str, server: str, expected: str) -> None:
    received = () if server == "none" else (f"{MX}; {server}",)
    message = mail(identifier, "Mon, 6 Mar 2017 10:00:00 +0100", field, received=received)
    assert bins("mail.message_id_time", message) == [expected]


def test_a_token_that_several_programs_write_names_none() -> None:
    message = mail("20191128150721.k53nspuqzbgx4zlq@h.example", "Mon, 6 Mar 2017 10:00:00 +0100")
    (found,) = load("mail.message_id_time").check(message, CONTEXT)
    assert found.sentence.key == "rule.mail.message_id_time.later_unnamed" and "scheme" not in found.sentence.values
    named = mail("20191128150721.k53nspuqzbgx4zlq@h.example", "Mon, 6 Mar 2017 10:00:00 +0100", "User-Agent: NeoMutt/2")
    (found,) = load("mail.message_id_time").check(named, CONTEXT)
    assert found.sentence.values["scheme"] == "NeoMutt"


EXCHANGE = "with Microsoft SMTP Server id 15.2.1118.40"
AT = "Mon, 4 Mar 2024 09:00:0{} +0000"


@pytest.mark.parametrize(
    ("host", "received", "given"),
    [
        ("EX01.corp.example", (f"from scan01 (192.0.2.92) by EX01.corp.example (192.0.2.90) {EXCHANGE}; {AT}",), True),
        ("ex01.corp.example", (f"from scan01 (192.0.2.92) by EX01.CORP.EXAMPLE. (192.0.2.90) {EXCHANGE}; {AT}",), True),
        ("EX01", (f"from scan01 (192.0.2.92) by EX01.corp.example (192.0.2.90) {EXCHANGE}; {AT}",), True),
        ("EX01.corp.local", (f"from scan01 (192.0.2.92) by EX01 (192.0.2.90) {EXCHANGE}; {AT}",), True),
        ("EX01.corp.local", (f"from scan01 (192.0.2.92) by EX01.corp.example {EXCHANGE}; {AT}",), False),
        ("localhost", (f"from scan01 (192.0.2.92) by localhost.corp.example {EXCHANGE}; {AT}",), False),
        (
            "HUB.corp.local",
            (
                f"from HUB.corp.local (192.0.2.93) by mx.example.org (Postfix) with ESMTP id 4BAE313A5174; {AT}",
                f"from User (192.0.2.92) by smtp.corp.example (192.0.2.90) {EXCHANGE}; {AT}",
            ),
            True,
        ),
        ("pc.corp.example", (f"from pc.corp.example (192.0.2.93) by mx.example.org {EXCHANGE}; {AT}",), False),
        ("mx.example.org", (f"from a.example (192.0.2.93) by mx.example.org (Postfix) id 4BAE313A5174; {AT}",), False),
        ("corp.example", (f"from a.example (192.0.2.93) by mx.corp.example {EXCHANGE}; {AT}",), False),
    ],
)
def test_an_id_of_a_host_of_the_trace_is_the_servers(host: str, received: tuple[str, ...], *, given: bool) -> None:
    stamped = tuple([one.format(9 - place) for place, one in enumerate(received)])
    identifier = f"96371554-a1ef-47cf-bd1f-c576cd0993a0@{host}"
    message = mail(identifier, "Mon, 4 Mar 2024 10:00:00 +0100", OUTLOOK, received=stamped)
    assert given_by_server(message) is given
    assert bins("mail.id_form", message) == ([] if given else ["other_program"])


def test_a_service_that_kept_the_former_id_gave_the_new_one() -> None:
    identifier = "9b368f72-18d1-4cba-bbd7-5c044b84081d@relay.example"
    date, tool = "Mon, 4 Mar 2024 10:00:00 +0100", "X-Mailer: git-send-email 2.53.0"
    assert bins("mail.id_form", mail(identifier, date, tool)) == ["other_program"]
    assert bins("mail.id_form", mail(identifier, date, tool, "Origin-messageId: <20240304.1@example.net>")) == []
    assert bins("mail.id_form", mail(identifier, date, tool, f"X-Original-Message-ID: <{identifier}>")) == [
        "other_program"
    ]


def test_old_sendmail_ids_hold_no_date() -> None:
    received = "from a.example by a.example (8.8.8/1.1.22.3) id RAA0000008029; Wed, 28 Aug 2002 17:07:54 -0400 (EDT)"
    message = mail("200208282107.RAA0000008029@a.example", "Wed, 28 Aug 2002 17:07:54 -0400", received=(received,))
    assert bins("mail.queue_id_time", message) == []
    assert bins("mail.message_id_time", message) == []
    assert [one.scheme for one in message.timestamps if one.scheme] == ["sendmail before 8.10"]


@pytest.mark.parametrize(
    ("program", "form"),
    [
        ("Internet Messaging Program (IMP) H3 (4.3.6)", "Horde"),
        ("Dynamic Internet Messaging Program (DIMP) H3 (1.1.2)", "Horde"),
        ("WebService/1.1.17936 YMailNorrin Mozilla/5.0 (X11; Linux)", "Yahoo"),
        ("Mozilla/5.0 (X11; Linux) Gecko/20100101 Thunderbird/78.5.0", "UUID lower"),
        ("Mozilla 4.76 [en] (X11; U; Linux 2.4.2 i686)", "Netscape 4"),
        ("Mutt 1.0i", "Mutt before 1.3"),
    ],
)
def test_programs_and_their_own_forms(program: str, form: str) -> None:
    assert form in own_forms(program)
    assert own_forms("Foo 1.0") == own_forms("") == frozenset()
