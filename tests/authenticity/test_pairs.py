"""Which two signatures are tried first."""

from forensics.authenticity.pairs import EACH, ROUTES, Candidate, Candidates
from forensics.authenticity.recovery import Signed


def candidate(name: str, time: int, risks: int = 0, route: str = "", mail: str = "") -> Candidate:
    return Candidate(Signed(name.encode(), bytes(32), "sha256"), mail or name, route, risks, time)


def pairs(*candidates: Candidate) -> list[str]:
    collected = Candidates()
    for one in candidates:
        collected.add(one)
    return [(first.signature + second.signature).decode() for first, second in collected.pairs()]


def test_neighbours_in_time_are_paired_and_the_nearest_are_first() -> None:
    assert pairs(candidate("a", 100), candidate("d", 900), candidate("b", 150), candidate("c", 890)) == ["cd", "ab"]


def test_what_speaks_for_no_change_is_first() -> None:
    risky, intact = [candidate("a", 1, 4), candidate("b", 2, 4)], [candidate("c", 100), candidate("d", 900)]
    assert pairs(*risky, *intact) == ["cd", "ab"]


def test_each_route_is_tried_before_one_is_tried_again() -> None:
    near = [candidate(name, time, route="a") for time, name in enumerate("abcd")]
    far = [candidate(name, 1000 * time, route="b") for time, name in enumerate("efgh")]
    assert pairs(*near, *far) == ["ab", "ef", "cd", "gh"]


def test_copies_are_no_pair() -> None:
    assert pairs(candidate("a", 1, mail="m"), candidate("b", 2, mail="m")) == []
    assert pairs(candidate("a", 1, mail="m"), candidate("a", 2, mail="n")) == []
    assert pairs(candidate("a", 1, mail="m"), candidate("a", 2, mail="n"), candidate("b", 3)) == ["ab"]


def test_a_single_one_and_none_are_no_pair() -> None:
    assert pairs() == pairs(candidate("a", 1)) == []
    assert pairs(candidate("a", 1), candidate("b", 1, risks=1), candidate("c", 1, route="b")) == []


def test_few_are_held_the_likeliest_of_each_route() -> None:
    many = [candidate(str(number), number, risks=1) for number in range(3 * EACH)]
    assert len(pairs(*many)) == EACH // 2
    assert pairs(*many, candidate("x", 1), candidate("y", 2))[0] == "xy"
    routes = [candidate(str(number), number, route=str(number // 2)) for number in range(3 * ROUTES)]
    assert len(pairs(*routes)) == ROUTES
