"""When a recovered key counts as its domain's own."""

from datetime import UTC, datetime

import pytest

from forensics.authenticity.anchoring import DAY_S, Use, in_use, in_window, outdone

PEOPLE = ("a@a.example", "b@a.example", "c@a.example")


def at(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def use(*days: str, name: str = "a.example/x", recovered: bool = True) -> Use:
    domain, selector = name.split("/")
    made = Use(domain, selector, recovered=recovered)
    for number, day in enumerate(days):
        made.add(str(number), PEOPLE[number % 3], at(day), at(day), clean=True)
    return made


@pytest.mark.parametrize(
    ("name", "days", "known"),
    [
        ("gmail.com/20161025", ("2017-03-01", "2020-03-01"), True),
        ("gmail.com/20161025", ("2016-12-17",), True),
        ("gmail.com/20161025", ("2016-12-01", "2017-03-01"), False),
        ("gmail.com/20161025", ("2017-03-01", "2023-03-01"), False),
        ("kernel.org/k20201202", ("2020-06-01", "2035-03-01"), True),
        ("kernel.org/k20201202", ("2015-03-01",), False),
        ("gmail.com/mine", ("2017-03-01",), False),
        ("gmail.com/20161025", (), False),
    ],
)
def test_days_of_a_selector(name: str, days: tuple[str, ...], known: bool) -> None:
    assert in_window(use(*days, name=name)) is known


def used(senders: int = 3, span: int = 90, each: int = 2, *, clean: bool = True) -> Use:
    """Return the use of a key by some people, each of whom writes at both ends of a span at least."""
    made = Use("a.example", "x", recovered=True)
    for person in range(senders):
        for number in range(each):
            when = person + (span * DAY_S * number // max(each - 1, 1))
            made.add(f"{person}-{number}", PEOPLE[person], when, when, clean=clean)
    return made


def test_three_people_who_are_known_for_ninety_days() -> None:
    assert in_use(used(), 6, PEOPLE)
    assert in_use(used(), 9, PEOPLE)
    assert not in_use(used(), 10, PEOPLE), "they wrote more without it"
    assert not in_use(used(), 6, PEOPLE[:2]), "one is not known"
    assert not in_use(used(span=89), 6, PEOPLE)


def test_who_wrote_once_is_no_regular_sender() -> None:
    assert sorted(used().regular) == list(PEOPLE)
    assert used(each=1).regular == []
    assert used(span=0).regular == []


def test_mails_of_which_something_was_observed_do_not_count() -> None:
    doubtful = used(clean=False)
    assert (doubtful.opened, doubtful.signed, list(doubtful.senders)) == (6, 0, [])


def test_two_signatures_of_one_mail_are_one_mail() -> None:
    both = Use("a.example", "x", recovered=True)
    for _ in range(2):
        both.add("mail", PEOPLE[0], 1, 1, clean=True)
    assert (both.opened, both.signed) == (2, 1)


def test_another_key_of_the_selector() -> None:
    one = use("2020-01-01", "2020-06-01")
    more = use("2020-03-01", "2020-04-01", "2020-05-01")
    later = use("2021-01-01", "2021-02-01", "2021-03-01")
    given = use("2020-03-01", recovered=False)
    assert outdone(one, [one, more])
    assert not outdone(more, [one, more])
    assert not outdone(one, [one, later])
    assert outdone(more, [more, given]), "a file says which key it was"
    assert not outdone(one, [one, use(recovered=False)]), "the key of the file opens nothing"
