import pytest

from forensics.knowledge import terms
from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import Status
from forensics.model.rules import Proposition, Role, State, Strength, Subject


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (ClockKind, terms.CLOCKS),
        (Description, terms.DESCRIPTIONS),
        (Absence, terms.ABSENCES),
        (Status, terms.STATUSES),
        ([strength.word for strength in Strength], terms.STRENGTHS),
        (Role, terms.ROLES),
        (State, terms.STATES),
        (State, terms.MARKS),
        (Proposition, terms.PROPOSITIONS),
        (Subject, terms.SUBJECTS),
    ],
)
def test_every_member_of_a_closed_list_has_a_word(members, words):
    assert set(members) == set(words)
    assert all(saying.one for saying in words.values())
