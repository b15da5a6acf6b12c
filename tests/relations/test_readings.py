"""Which times of mails must not be later than which."""

from forensics.relations.readings import Mail, Reading, clash, pairs

MINUTE = 600_000_000


def mail(number: int, parent: int | None = None, **times: int) -> Mail:
    return Mail(number, parent, times.get("date"), times.get("served"), times.get("message_id"))


def test_an_id_comes_before_date_and_date_before_the_server() -> None:
    found = [(first.kind, second.kind) for first, second in pairs([mail(0, date=2, served=3, message_id=1)])]
    assert found == [("message_id", "date"), ("message_id", "served"), ("date", "served")]


def test_a_parent_is_dated_before_all_times_of_its_reply_and_its_server_says_nothing() -> None:
    mails = [mail(0, date=1, served=2), mail(1, 0, date=3, served=4)]
    found = [(first, second) for first, second in pairs(mails) if first.mail != second.mail]
    assert found == [
        (Reading(0, "date", 1), Reading(1, "date", 3)),
        (Reading(0, "date", 1), Reading(1, "served", 4)),
    ]


def test_a_grandparent_counts_and_what_is_further_up_does_not() -> None:
    mails = [mail(0, date=1), mail(1, 0, date=2), mail(2, 1, date=3), mail(3, 2, date=4)]
    found = {(first.mail, second.mail) for first, second in pairs(mails)}
    assert found == {(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)}


def test_copies_have_times_of_their_own() -> None:
    mails = [mail(0, date=1), mail(0, date=9), mail(1, 0, date=5)]
    assert {(first.at, second.at) for first, second in pairs(mails)} == {(1, 5), (9, 5)}


def test_a_circle_ends() -> None:
    mails = [mail(0, 1, date=1), mail(1, 0, date=2)]
    assert len(list(pairs(mails))) == 4


def test_what_clocks_are_off_by_is_no_clash() -> None:
    assert not clash(Reading(0, "date", 10 * MINUTE), Reading(1, "date", 0))
    assert clash(Reading(0, "date", 10 * MINUTE + 1), Reading(1, "date", 0))
    assert not clash(Reading(0, "message_id", 26 * 60 * MINUTE), Reading(0, "date", 0))
    assert clash(Reading(0, "message_id", 26 * 60 * MINUTE + 1), Reading(0, "date", 0))
