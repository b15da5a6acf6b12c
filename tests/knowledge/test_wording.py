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
