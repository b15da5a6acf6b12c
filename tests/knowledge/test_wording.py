import pytest

from forensics.knowledge.wording import Wording
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description
from forensics.model.items import Status
from forensics.model.rules import Proposition, Role, State, Strength, Subject

SECOND = TICKS_PER_SECOND


@pytest.fixture
def say():
    return Wording("en")


def test_every_word_of_a_closed_list_has_a_sentence(say):
    keys = [
        *[f"report.clock.{kind.name.lower()}" for kind in ClockKind],
        *[f"report.described.{kind.name.lower()}" for kind in Description],
        *[f"report.absent.{kind.name.lower()}" for kind in Absence],
        *[f"report.status.{kind.value}" for kind in Status],
        *[f"report.strength.{kind.word}" for kind in Strength],
        *[f"report.role.{kind.value}" for kind in Role],
        *[f"report.benign.{kind.value}" for kind in State],
        *[f"report.benign.mark.{kind.value}" for kind in State],
        *[f"report.proposition.{kind.value}" for kind in Proposition],
        *[f"report.subject.{kind.value}" for kind in Subject],
        *[f"report.rate.seen.{kind.value}" for kind in Subject],
        *[f"report.capped.{word}" for word in ("ceiling", "calibration", "no_rate", "explained", "habit")],
        "report.capped.unsolicited",
    ]
    assert [key for key in keys if not say.has(key)] == []


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
    assert say.counted("report.kind.mail", 1) == "1 mail"
    assert say.counted("report.kind.mail", 0) == "0 mails"
    assert say.counted("report.kind.mail", 116_902) == "116,902 mails"
    assert say.joined(["a", "b", "c"]) == "a, b and c"
    assert say.joined([]) == ""


def test_an_unknown_cause_is_named_by_its_id(say):
    assert say.cause("no_such_cause_yet") == "no such cause yet"


def test_a_value_that_is_no_key_stands_for_itself(say):
    assert say.sentence_or_text("Ask them.") == "Ask them."
    assert say.sentence_or_text("report.answer") == "Answer"
