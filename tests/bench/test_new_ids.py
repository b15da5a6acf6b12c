import re
from collections.abc import Callable

import pytest

from forensics.model.facts import TICKS_PER_SECOND
from forensics.parsers.mail.tokens.boundaries import boundary
from forensics.parsers.mail.tokens.content_ids import content_id
from forensics.parsers.mail.tokens.message_ids import message_id
from forensics.parsers.mail.tokens.queue_ids import queue_id
from forensics.parsers.mail.tokens.scheme import Decoded
from tests.bench.new_ids import Ids
from tests.bench.renewing import WEEK_S

COPY = 3
TIMED: tuple[tuple[Callable[[bytes], tuple[Decoded, ...]], str], ...] = (
    (queue_id, "S1356175AbiFASME"),
    (queue_id, "4MzLJd1khJz3cCZ"),
    (queue_id, "g3ONcRwJ001782"),
    (queue_id, "y2sm5723561wbb.0.2011.05.02.08.30.15"),
    (queue_id, "1oNABC-0004xY-1Z"),
    (message_id, "20220404050559.132378-1-anna@list.example"),
    (message_id, "1654107120-12345-3-git-send-email-anna@list.example"),
    (message_id, "20010514175455.GB9383@host.example"),
    (message_id, "20200101123000.qwertyuiop123456@host.example"),
    (message_id, "200804301516.17345.anna@host.example"),
    (message_id, "20080430.151617.123456789.anna@host.example"),
    (message_id, "Pine.GSO.3.96.1010514175455.9383A-100000@host.example"),
    (message_id, "Pine.LNX.4.64.0805141754550.9383@host.example"),
    (message_id, "alpine.DEB.2.21.1905141754550.9383@host.example"),
    (message_id, "4FA7B2C1.5010203@host.example"),
    (message_id, "001c01c0dc9d$4b5c7d80$0a0a0a0a@host.example"),
    (message_id, "87r1pq0abc.fsf@host.example"),
    (message_id, "1234567.1654107120123.JavaMail.anna@host.example"),
    (message_id, "1654107120.4711.12.camel@host.example"),
    (message_id, "1042213519.1234567.1590391793042@host.example"),
    (message_id, "5f1a2b3c.1c69fb81.4f2f8.9e3a@mx.google.com"),
    (message_id, "15098.24911.430713.612345@host.example"),
    (message_id, "58411.192.0.2.1.1140424806.squirrel@host.example"),
    (message_id, "1a2b3c4d.1f2.18129e7d1b0.Coremail.anna@host.example"),
    (message_id, "47111655207120@web1.yandex.example"),
    (message_id, "153316263012.14032.13456789012345678901@host.example"),
    (message_id, "200602271007.k1R17rMx012345@host.example"),
    (boundary, "----=_NextPart_5D0F1B2C_0B1C2D3E_4F5A6B7C"),
    (boundary, "1463810048-123456-1019607512=:12345"),
    (boundary, "----=_NextPart_000_0008_01C0DC9D.4B5C7D80"),
    (boundary, "----=_Part_12345_678.1654107120123"),
    (boundary, "00000000000012d6b405e0671d8e"),
    (content_id, "image001.png@01D8759D.4B5C7D80"),
)
UNTIMED = (
    "CAE33tLG4oOjTmNJ=a0jNEEdTj_501offkYUFcEVwk6rAnZYKSw@mail.gmail.com",
    "Yper7agk7XfCCQNa@host.example",
    "79400920-22b4-4bce-b204-c58087495c22@host.example",
    "systemmessage@host.example",
    "HK0P153MB0148E2F9A1B2C3D4E5F60718293A4@HK0P153MB0148.APCP153.PROD.OUTLOOK.COM",
)


@pytest.mark.parametrize(("decode", "token"), TIMED, ids=[token for _, token in TIMED])
def test_an_id_made_from_a_time_is_made_from_the_later_one(
    decode: Callable[[bytes], tuple[Decoded, ...]], token: str
) -> None:
    old = decode(token.encode())
    new = decode(Ids(COPY, COPY * WEEK_S).id(token).encode())
    assert old, "the id carries a time"
    assert [one.scheme.name for one in new] == [one.scheme.name for one in old]
    moved = [after.time - before.time for before, after in zip(old, new, strict=True)]
    assert moved == [COPY * WEEK_S * TICKS_PER_SECOND] * len(old)


@pytest.mark.parametrize("token", [*[token for _, token in TIMED], *UNTIMED])
def test_a_new_id_has_the_length_and_the_signs_of_the_old_and_its_host(token: str) -> None:
    made = {Ids(copy, copy * WEEK_S).id(token) for copy in range(1, 40)}
    assert len(made | {token}) == 40, "no two copies share it"
    for new in made:
        assert len(new) == len(token)
        assert new.partition("@")[2] == token.partition("@")[2] or "image" in token
        assert re.sub(r"[0-9A-Za-z]", "x", new) == re.sub(r"[0-9A-Za-z]", "x", token)


def test_an_id_is_the_same_wherever_it_stands() -> None:
    ids = Ids(1, WEEK_S)
    assert ids.id(UNTIMED[0]) == ids.id(UNTIMED[0]) == Ids(1, WEEK_S).id(UNTIMED[0])


def test_a_series_keeps_what_its_ids_have_in_common() -> None:
    ids = Ids(1, WEEK_S)
    first, second = [ids.id(f"20220404050559.132378-{number}-anna@list.example") for number in (1, 10)]
    assert first.partition("-")[0] == second.partition("-")[0] != "20220411050559.132378"


@pytest.mark.parametrize("token", ["F423F12345", "F3E1A0B1C2", "8F9A453AC89", "0C1B9A53"])
def test_a_short_id_of_postfix_holds_less_than_a_second(token: str) -> None:
    made = [Ids(copy, copy * WEEK_S).queue_id(token) for copy in range(1, 200)]
    assert all(re.fullmatch(r"[0-9A-F]+", new) and int(new[:5], 16) < 1_000_000 for new in made)
    assert token not in made


@pytest.mark.parametrize("token", ["15.20.5314.13", "mailman"])
def test_what_is_no_number_of_a_mail_stays(token: str) -> None:
    assert Ids(1, WEEK_S).queue_id(token) == token


def test_an_id_of_google_in_california_is_one_hour_off_utc_in_summer() -> None:
    new = Ids(1, 40 * WEEK_S).queue_id("y2sm5723561wbb.0.2011.03.02.08.30.15")
    assert new.endswith(".2011.12.07.08.30.15")
    assert Ids(1, 20 * WEEK_S).queue_id("y2sm5723561wbb.0.2011.03.02.08.30.15").endswith(".2011.07.20.09.30.15")


def test_an_exchange_server_keeps_its_name_and_its_25_digits() -> None:
    assert re.fullmatch(r"HK0P153MB0148[0-9A-F]{25}@HK0P153MB0148\.\S+", Ids(1, WEEK_S).id(UNTIMED[-1]))


def test_gmail_keeps_what_it_gives_an_account() -> None:
    assert Ids(1, WEEK_S).id(UNTIMED[0])[:7] == UNTIMED[0][:7]


def test_other_base64_can_be_decoded() -> None:
    old = "OerYpw0H8i2nV09ouIssq0kErg=="
    new = Ids(1, WEEK_S).base64(old)
    assert new[-4:] == old[-4:]
    assert new[:8] != old[:8]
