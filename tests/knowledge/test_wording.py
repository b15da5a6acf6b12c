import pytest

from forensics.knowledge.terms import KINDS
from forensics.knowledge.wording import Wording
from forensics.model.facts import TICKS_PER_SECOND

SECOND = TICKS_PER_SECOND


@pytest.fixture
def say():
    return Wording("en")


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (48_213_774, "48.2 MB"),
        (999_999, "1.0 MB"),
        (10**15, "1000 TB"),
    ],
)
def test_sizes(say, count, shown):
    assert say.size(count) == shown


@pytest.mark.parametrize(
    ("k", "n", "shown"),
    [
        (0, 0, "–"),
        (0, 9, "0.0 %"),
        (1, 9_000, "< 0.1 %"),
        (8_999, 9_000, "> 99.9 %"),
        (9, 9, "100.0 %"),
        (1, 3, "33.3 %"),
    ],
)
def test_shares_never_round_to_none_or_all(say, k, n, shown):
    assert say.share(k, n) == shown


@pytest.mark.parametrize(
    ("ticks", "shown"),
    [(0, "00:00:00"), (-12 * SECOND, "−00:00:12"), (3_661 * SECOND, "+01:01:01"), (200_000 * SECOND, "+2 d 07:33:20")],
)
def test_differences(say, ticks, shown):
    assert say.difference(ticks) == shown


def test_numbers_are_chosen_and_grouped(say):
    assert say.say(KINDS["mail"], 1) == "1 mail"
    assert say.say(KINDS["mail"], 0) == "0 mails"
    assert say.say(KINDS["mail"], 116_902) == "116,902 mails"
    assert say.joined(["a", "b", "c"]) == "a, b and c"
    assert say.joined([]) == ""


def test_an_unknown_cause_is_named_by_its_id(say):
    assert say.cause("no_such_cause_yet") == "no such cause yet"


def test_french_numbers_sizes_and_joins():
    say = Wording("fr")
    narrow, space = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
    assert [say.size(n) for n in (0, 1, 2, 1_000, 48_213_774)] == [
        f"0{space}octet",
        f"1{space}octet",
        f"2{space}octets",
        f"1,0{space}ko",
        f"48,2{space}Mo",
    ]
    assert [say.share(k, 8) for k in (0, 1)] == [f"0,0{space}%", f"12,5{space}%"]
    assert say.share(1, 9_000) == f"<{space}0,1{space}%"
    assert say.number(1_234_567) == f"1{narrow}234{narrow}567" and say.decimal(2.5) == "2,5"
    assert say.joined(["a", "b", "élan"]) == "a, b et élan"
    assert say.clauses(["a", "b"]) == f"a{narrow}; b" and say.labelled("a", "b") == f"a{space}: b"
    assert say.difference(200_000 * SECOND) == f"+2{space}j 07:33:20"
