import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from forensics.parsers.mail.tokens.boundaries import apple_time, boundary
from forensics.parsers.mail.tokens.content_ids import content_id
from forensics.parsers.mail.tokens.message_ids import SCHEMES, message_id
from forensics.parsers.mail.tokens.queue_ids import network_id, queue_id
from forensics.parsers.mail.tokens.scheme import Decoded
from forensics.parsers.mail.tokens.thread_index import thread_index
from forensics.parsers.mail.tokens.zones import pacific

TICKS = 10_000_000


def shown(ticks: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(microseconds=ticks // 10)).isoformat(sep=" ", timespec="milliseconds")  # noqa: DTZ001


def read(decoded: tuple[Decoded, ...]) -> list[tuple[str, str, bool]]:
    return [(" or ".join(one.schemes), shown(one.time), one.scheme.local) for one in decoded]


# Invented ids in the form of each program; the first word of the expectation is the program.
@pytest.mark.parametrize(
    ("token", "name", "time", "local"),
    [
        ("E1abcDE-0001Xy-2B@h.example", "Exim", "2016-03-03 22:59:16.000", False),
        ("20160301090755.39DEA3F725@h.example", "Postfix", "2016-03-01 09:07:55.000", False),
        ("20160301090755.GB2014@h.example", "Mutt", "2016-03-01 09:07:55.000", False),
        ("20160301090755.T2014@h.example", "Mutt before 1.3", "2016-03-01 09:07:55.000", True),
        ("56D55B5B.4030201@h.example", "Mozilla before 45", "2016-03-01 09:05:31.000", False),
        ("1456823131.2659.14.camel@h.example", "Evolution", "2016-03-01 09:05:31.000", False),
        ("Pine.LNX.4.64.1603010905310.2374@h.example", "Pine", "2016-03-01 09:05:31.000", True),
        ("Pine.LNX.4.64L.1603010905310.2374@h.example", "Pine", "2016-03-01 09:05:31.000", True),
        ("Pine.GSO.3.96.1011112142501.24771K-100000@h.example", "Pine", "2001-11-12 14:25:01.000", True),
        ("Pine.GSO.3.96.991112142501.24771K-100000@h.example", "Pine", "1999-11-12 14:25:01.000", True),
        ("Pine.GSO.4.10.10104162042230.10522-100000@h.example", "Pine", "2001-04-16 20:42:23.000", True),
        ("20160301090531.19774t9qfci22adc@h.example", "NeoMutt", "2016-03-01 09:05:31.000", False),
        ("20160301090531.Horde.KlFUG9wXmbRDCiyhk5bHsw8@h.example", "Horde", "2016-03-01 09:05:31.000", True),
        ("20160301090531.M8021@h.example", "Mutt before 1.3", "2016-03-01 09:05:31.000", True),
        ("1456823131.56d55b5b610a4@h.example", "PHP", "2016-03-01 09:05:31.000", False),
        ("1456823131.56d55b5c610a4@h.example", "PHP", "2016-03-01 09:05:31.000", False),
        ("1456823131.56d55b5a610a4@h.example", None, "", False),
        ("200208282107.RAA0000008029@h.example", "sendmail before 8.10", "2002-08-28 21:07:00.000", False),
        ("1456823131-2659-1-git-send-email-a@h.example", "git send-email", "2016-03-01 09:05:31.000", False),
        ("123.456.1456823131000@mail.example", "Yahoo", "2016-03-01 09:05:31.000", False),
        ("20160301090531.7e14b9d2@h.example", "Sylpheed", "2016-03-01 09:05:31.000", True),
        ("12345.20160301090531@h.example", None, "", False),
        ("123456.20160301090531@h.example", "The Bat!", "2016-03-01 09:05:31.000", True),
    ],
)
def test_message_ids(token: str, name: str | None, time: str, local: bool) -> None:
    found = read(message_id(token.encode()))
    if name is None:
        assert found == []
    else:
        assert (found[0][0].split(" or ")[0], *found[0][1:]) == (name, time, local)


def test_a_token_that_two_schemes_fit_gives_both_readings_and_says_so() -> None:
    found = message_id(b"20020909144457.A2839A@h.example")
    assert [one.schemes for one in found] == [("Postfix",)]
    found = message_id(b"20020909144457.A28394@h.example")
    assert [(one.scheme.name, one.scheme.local) for one in found] == [("Postfix", False), ("Mutt before 1.3", True)]
    assert found[0].schemes == ("Postfix", "Mutt before 1.3")
    assert found[1].schemes == ("Mutt before 1.3", "Postfix")


def test_webmailers_share_forms_with_other_programs() -> None:
    neomutt, horde = message_id(b"20160301090531.19774t9qfci22adc@h.example")
    assert (neomutt.schemes, horde.schemes) == (("NeoMutt", "Horde"), ("Horde", "NeoMutt"))
    mutt, webmail = message_id(b"20160301090531.M8021@h.example")
    assert (mutt.schemes[1], webmail.scheme.name, webmail.scheme.local) == ("OpenWebMail", "OpenWebMail", False)


@pytest.mark.parametrize(
    "token",
    [
        "CAGxq0pQ3mZ@mail.example",
        "5a0f1c1e-7d0b-4a53-9d5b-0c1d2e3f4a5b@h.example",
        "99999999999999.GA1@h.example",
        "20161301090755.GB2014@h.example",
        "00000000.1@h.example",
        "",
        "@",
    ],
)
def test_no_time_is_invented(token: str) -> None:
    assert message_id(token.encode()) == ()


def test_queue_ids() -> None:
    assert read(queue_id(b"1abcDE-0001Xy-2B")) == [("Exim", "2016-03-03 22:59:16.000", False)]
    assert read(queue_id(b"o2H85hjD014188")) == [("sendmail", "2010-03-17 08:05:43.000", False)]
    assert read(queue_id(b"x1sor1.7.2016.03.01.01.05.31")) == [("Google", "2016-03-01 01:05:31.000", True)]
    assert queue_id(b"7524221D4919") == () and queue_id(b"") == () and queue_id(b"RAA0000008029") == ()


def test_californian_time_follows_the_rules_of_its_year() -> None:
    def at(*fields: int) -> int:
        return int((datetime(*fields) - datetime(1970, 1, 1)).total_seconds()) * TICKS  # type: ignore[arg-type,misc]  # noqa: DTZ001

    assert pacific(at(2016, 3, 1, 1)) == at(2016, 3, 1, 9)
    assert pacific(at(2016, 3, 13, 3)) == at(2016, 3, 13, 10)
    assert pacific(at(2016, 11, 6, 3)) == at(2016, 11, 6, 11)
    assert pacific(at(2006, 4, 1, 12)) == at(2006, 4, 1, 20)
    assert pacific(at(2006, 4, 2, 12)) == at(2006, 4, 2, 19)
    assert pacific(at(2006, 10, 28, 12)) == at(2006, 10, 28, 19)
    assert pacific(at(2006, 10, 29, 12)) == at(2006, 10, 29, 20)


def test_damaged_thread_indices_give_nothing() -> None:
    assert thread_index(b"!!") is None
    assert thread_index(b"AQHVeKKb") is None
    assert thread_index(b"") is None


def tokens(rule: str, token: bytes) -> tuple[Decoded, ...]:
    if rule.startswith("B-"):
        return boundary(token)
    if rule.startswith("C-"):
        return content_id(token)
    if rule in ("T-65", "T-66"):
        return queue_id(token) if rule == "T-65" else network_id(token)
    return message_id(token + b"@h.example") or message_id(token + b"@mx.google.com")


def test_all_vectors_of_the_knowledge_base(shared: Path) -> None:
    path = shared / "knowledge" / "id_test_vectors.csv"
    if not path.is_file():
        pytest.skip("no knowledge base beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["token"] for row in rows if not _right(row)]
    assert (len(rows), wrong) == (145, [])


def _right(row: dict[str, str]) -> bool:
    token, rule = row["token"].encode(), row["rule"]
    if rule == "B-09":
        sent = datetime.strptime(row["date_header"].partition(" (")[0], "%a, %d %b %Y %H:%M:%S %z").timestamp()
        made = apple_time(token, int(sent) * TICKS)
        assert made is not None
        return (made - int(sent) * TICKS) // 10_000 == int(float(row["delta_seconds_decoded_minus_date"]))
    wanted = [datetime.fromisoformat(text) for text in row["decoded_time"].split()]
    if rule == "T-80/81/82":
        index = thread_index(token)
        times = index.times if index else ()
    else:
        decoded = tokens(rule, token)
        named = {scheme.name for scheme in SCHEMES if scheme.rule == rule}
        fitting = [one for one in decoded if one.scheme.rule == rule or named & set(one.schemes)]
        times = tuple([one.time for one in fitting if one.scheme.local == (row["clock"] == "local")][:1])
    read_as = [datetime(1970, 1, 1) + timedelta(microseconds=time // 10) for time in times]  # noqa: DTZ001
    return len(read_as) == len(wanted) and all(
        abs((one - other).total_seconds()) < 0.002 for one, other in zip(read_as, wanted, strict=True)
    )
