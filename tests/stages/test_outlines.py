from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from forensics.errors import CheckError
from forensics.model.codec import decode, encode_text
from forensics.model.rows import explanations, observations
from forensics.model.rules import BenignState, Rule, State
from forensics.model.sentences import Sentence
from forensics.stages.observed import Observed, from_rows, once_each
from forensics.stages.outlines import EXPLANATIONS, Explained, Named, explained, spooled, spooled_once

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]


def state(cause: str, note: str = "") -> BenignState:
    return BenignState(cause=cause, state=State.OPEN, note=Sentence(note) if note else None)


def found(n: int, one: Observed, said: BenignState, sha256: str | None = "") -> Explained:
    row = explanations.row_of(n, one.rule.id, one.key, said)
    return Explained(**msgspec.structs.asdict(row), sha256=one.main.sha256 if sha256 == "" else sha256)


@pytest.fixture
def some(make_rule: MakeRule, observe: Observe) -> list[Observed]:
    """Observations of three rules, as they are stored; two are of one item."""
    rules = {name: make_rule(name) for name in ("mail.a", "mail.b", "mail.c")}
    given = [("mail.a", "1", 0), ("mail.b", "1", 0), ("mail.b", "1", 7), ("mail.b", "2", 0), ("mail.c", "1", 0)]
    whole = [observe(rules[name], item, start=start) for name, item, start in given]
    rows = [observations.row_of(one.rule, one.observation, one.main.sha256, one.main.location) for one in whole]
    return list(from_rows(rows, rules)[0])


def test_what_is_spooled_is_as_it_was(some: list[Observed]) -> None:
    spool = spooled(iter(some))
    assert len(spool) == 5
    assert list(spool) == some == [spool[at] for at in range(5)]
    assert spool[1:3] == some[1:3]
    with pytest.raises(IndexError):
        _ = spool[5]
    assert not spooled([])


def test_what_is_spooled_once_is_sorted_and_each_once(some: list[Observed]) -> None:
    for order in ([4, 2, 3, 2, 1, 0, 0], [0, 1, 2, 3, 4], [3, 1, 2, 0, 4, 4]):
        given = [msgspec.structs.replace(some[at], key="") for at in order]
        assert tuple(spooled_once(given)) == once_each(given)
    assert not spooled_once([])


def test_those_of_some_rules_know_their_places(some: list[Observed]) -> None:
    few = spooled(some).of(lambda rule: rule.id != "mail.b")
    assert list(few) == [some[0], some[4]]
    assert [few.place(at) for at in range(len(few))] == [0, 4]
    assert [one.rule for one in Named(few)] == ["mail.a", "mail.c"] == [one.rule for one in Named(few)[0:]]


def test_explanations_find_their_observation_again(some: list[Observed]) -> None:
    told = [found(3, some[0], state("x", "said")), found(0, some[2], state("x")), found(4, some[1], state("y"))]
    told += [found(9, some[2], state("y")), found(1, some[4], state("z"))]
    settled = [[one.cause for one in each.observation.benign] for each in explained(some, told)]
    assert settled == [["x"], ["y"], ["x", "y"], [], ["z"]]


def test_an_explanation_of_what_is_not_stored_breaks_the_contract(some: list[Observed]) -> None:
    for of, without in ((3, some[:3] + some[4:]), (2, some[:2] + some[3:]), (4, some[:4])):
        with pytest.raises(CheckError, match=some[of].rule.id):
            list(explained(without, [found(0, some[of], state("x"))]))
    with pytest.raises(CheckError, match=r"mail\.c"):
        list(explained(some, [found(0, some[4], state("x"), sha256=None)]))


def test_explanations_come_in_the_order_of_the_observations(archive: Any, some: list[Observed]) -> None:
    told = [(some[4], "z"), (some[1], "y"), (some[2], "x"), (some[0], "x"), (some[2], "y")]
    archive.database.execute("CREATE TABLE observations (rule VARCHAR, sha256 VARCHAR, observation VARCHAR)")
    columns = "n BIGINT, rule VARCHAR, observation VARCHAR, cause VARCHAR, state VARCHAR, note VARCHAR"
    archive.database.execute(f"CREATE TABLE explanations ({columns})")
    for one in [*some, some[0]]:
        text = encode_text(one.observation)
        archive.add("observations", rule=one.rule.id, sha256=one.main.sha256, observation=text)
    for n, (one, cause) in enumerate(told):
        row = explanations.row_of(n, one.rule.id, one.key, state(cause, "said"))
        archive.add("explanations", **msgspec.structs.asdict(row))
    rows = list(archive.rows(EXPLANATIONS, {}, Explained))
    assert [(row.rule, row.sha256, row.n) for row in rows] == [
        ("mail.a", "1", 3),
        ("mail.b", "1", 1),
        ("mail.b", "1", 2),
        ("mail.b", "1", 4),
        ("mail.c", "1", 0),
    ]
    assert decode(rows[0].note, Sentence).key == "said"
    assert [len(one.observation.benign) for one in explained(some, rows)] == [1, 1, 2, 0, 1]
