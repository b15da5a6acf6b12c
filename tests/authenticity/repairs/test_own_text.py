"""A text is a route's own where its mails carry it, and never because one hand put it into many."""

import pytest

from forensics.authenticity.repairs.mails import Removed
from forensics.authenticity.repairs.own_text import (
    WINDOW,
    RouteMails,
    ending,
    hosts_in,
    is_own,
    longer_than_own,
    may_be_own,
)
from tests.authenticity.repairs.made import mail

LIST = "talk.lists.example"
DAY = 86_400 * 10_000_000
FOOTER = b"____________________\nTalk mailing list\nhttps://lists.example/talk\ntalk-leave@lists.example"
DISCLAIMER = b"-- \nThis message is confidential."


def removed(text: bytes, *, shown: bool = True) -> list[Removed]:
    return [Removed(text, 0, len(text), shown)]


def route(carrying: int, others: int, *, senders: int = 10, days: int = 40) -> RouteMails:
    """Return a route with mails of some days, of which some carry the text."""
    mails = RouteMails()
    for number in range(carrying):
        mails.add(number % days * DAY, f"s{number % senders}", "text")
    for number in range(others):
        mails.add(number % days * DAY, f"o{number}", "")
    return mails


@pytest.mark.parametrize(
    ("mails", "text", "own"),
    [
        (route(20, 20), FOOTER, True),
        (route(20, 21), FOOTER, False),
        (route(20, 0, senders=4), FOOTER, False),
        (route(10, 90), FOOTER, False),
        (route(10, 90), DISCLAIMER, False),
        (route(10, 5), DISCLAIMER, False),
        (route(30, 5, days=20), DISCLAIMER, True),
        (route(29, 5, days=20), DISCLAIMER, False),
        (route(4, 0), FOOTER, False),
    ],
)
def test_half_of_the_mails_of_five_senders(mails: RouteMails, text: bytes, own: bool) -> None:
    assert is_own(mails.near(20 * DAY, "text"), text, LIST) is own


def test_mails_far_in_time_do_not_count() -> None:
    mails = route(40, 0)
    assert mails.near(WINDOW * 3, "text").n == 0
    assert not is_own(mails.near(WINDOW * 3, "text"), FOOTER, LIST)


def test_a_list_that_changes_its_footer() -> None:
    mails = RouteMails()
    for day in range(-80, 80):
        mails.add(day * DAY, f"s{day % 7}", "old" if day < 0 else "new")
    for text, day in (("old", -1), ("new", 0), ("old", -80), ("new", 79)):
        assert is_own(mails.near(day * DAY, text), FOOTER, LIST), (text, day)
    assert not is_own(mails.near(75 * DAY, "old"), FOOTER, LIST)


@pytest.mark.parametrize(
    ("pieces", "may"),
    [
        (removed(FOOTER), True),
        (removed(DISCLAIMER), True),
        (removed(FOOTER, shown=False), False),
        ([*removed(FOOTER), *removed(b"x", shown=False)], False),
        (removed(FOOTER + b"\nhttps://pay.other.test/now"), False),
        (removed(FOOTER + b"\nwww.other.test"), False),
        (removed(FOOTER + b"\nwrite to eve@other.test"), False),
        (removed(FOOTER + b"\nOTHER.TEST/x"), False),
        (removed(b"a" * 5_000), False),
        (removed(b""), False),
    ],
)
def test_text_that_can_be_a_routes(pieces: list[Removed], may: bool) -> None:
    assert may_be_own(pieces, LIST) is may


def test_a_few_at_the_edge_of_an_archive() -> None:
    mails = RouteMails()
    for number in range(80):
        mails.add(number * DAY, f"s{number}", "text" if number < 10 else "")
    assert not any(is_own(mails.near(number * DAY, "text"), FOOTER, LIST) for number in range(10))


def test_text_above_the_footer() -> None:
    assert longer_than_own(DISCLAIMER + b"\n" + FOOTER, [FOOTER, DISCLAIMER + b"\n" + FOOTER])
    assert not longer_than_own(FOOTER, [FOOTER, DISCLAIMER + b"\n" + FOOTER])


def test_names_of_hosts() -> None:
    assert hosts_in(b"See HTTP://A.Example/x, e.g. at 10.5 or b@c.test. Thanks.Bye") == [
        "a.example",
        "c.test",
        "thanks.bye",
    ]


@pytest.mark.parametrize(
    ("body", "fields", "end"),
    [
        (b"Hello\n" + FOOTER + b"\n", {}, b"Hello\n" + FOOTER),
        (b"SGVsbG8K\n", {"Content_Transfer_Encoding": "base64"}, b"Hello"),
        (
            b"--B\n\na\n--B\nContent-Transfer-Encoding: quoted-printable\n\n=41\n--B--\n",
            {"Content_Type": 'multipart/mixed; boundary="B"'},
            b"A",
        ),
    ],
)
def test_what_a_mail_ends_with(body: bytes, fields: dict[str, str], end: bytes) -> None:
    assert ending(mail(body, **fields)) == end
