from collections.abc import Callable
from random import Random

from forensics.model.findings import Ranked, StoredFinding
from forensics.stages.grading.folding import SHOWN, fold
from forensics.stages.grading.rank import rank
from tests.stages.grading.test_rank import find  # noqa: F401  a fixture

Find = Callable[..., StoredFinding]


def folded(found: list[StoredFinding]) -> tuple[Ranked, ...]:
    return fold(rank(found), found)


def test_a_flood_is_one_line_beyond_twenty(find: Find) -> None:  # noqa: F811
    flood = [find(f"f{at:04}", rate=1e-5) for at in range(500)]
    plants = [find(f"p{at}", rate=5e-4, rule=f"mail.{at}") for at in range(3)]
    lines = folded([*flood, *plants])
    assert [line.rank for line in lines] == list(range(1, 25))
    assert [line.item.sha256 for line in lines[:SHOWN] if line.item] == [f"f{at:04}" for at in range(SHOWN)]
    line = lines[SHOWN]
    assert line.item is None and line.cluster is not None
    assert (line.cluster.kind, line.cluster.like, line.cluster.entries) == ("folded", 1, 480)
    assert [ref.sha256 for ref in line.cluster.members] == [f"f{at:04}" for at in range(SHOWN, 500)]
    assert (line.strength, line.score, len(line.cluster.scores)) == ("strong", 4.0, 480)
    assert line.reasons == (), "what is said of one of them is not said of the others"
    assert {ref.sha256 for line in lines for ref in line.items} == {one.finding.item.sha256 for one in flood + plants}


def test_twenty_one_stand_for_themselves(find: Find) -> None:  # noqa: F811
    found = [find(f"f{at:04}", rate=1e-5) for at in range(SHOWN + 1)]
    assert folded(found) == rank(found)


def test_only_what_shows_the_same_is_folded(find: Find) -> None:  # noqa: F811
    found = [find(f"f{at:04}", rate=1e-5, rule=f"mail.{at % 3}") for at in range(66)]
    lines = folded(found)
    assert [line.cluster.entries for line in lines if line.cluster] == [2, 2, 2]
    assert [line.cluster.rule for line in lines if line.cluster] == ["mail.0", "mail.1", "mail.2"]
    assert [line.cluster.like for line in lines if line.cluster] == [1, 2, 3]
    other = [find(f"f{at:04}", rate=1e-5, bin=f"bin{at}") for at in range(66)]
    assert folded(other) == rank(other)


def test_what_decides_is_compared_and_who_has_more_stands_first(find: Find) -> None:  # noqa: F811
    found = [find(f"f{at:04}", rate=5e-4) for at in range(60)]
    found += [find(f"f{at:04}", rate=5e-3, rule=f"mail.{at}", suspect="y") for at in range(40, 50)]
    lines = folded(found)
    assert [line.item.sha256 for line in lines[:10] if line.item] == [f"f{at:04}" for at in range(40, 50)]
    assert [line.cluster.entries for line in lines if line.cluster] == [40]
    # a second finding as strong as the first is something else
    found += [find(f"f{at:04}", rate=5e-4, rule="mail.b", suspect="z") for at in range(40)]
    assert [line.cluster.entries for line in folded(found) if line.cluster] == [20]


def test_another_strength_is_another_line(find: Find) -> None:  # noqa: F811
    found = [find(f"f{at:04}", rate=1e-5 if at < 30 else 5e-4) for at in range(60)]
    assert [(line.strength, line.cluster.entries) for line in folded(found) if line.cluster] == [
        ("strong", 10),
        ("moderate", 10),
    ]


def test_order_of_arrival_does_not_matter(find: Find) -> None:  # noqa: F811
    found = [find(f"f{at:04}", rate=1e-5) for at in range(100)]
    found += [find(f"f{at:04}", rate=1e-3, rule="mail.b", suspect="b") for at in range(50, 100)]
    wanted = folded(found)
    for seed in range(3):
        mixed = list(found)
        Random(seed).shuffle(mixed)
        assert folded(mixed) == wanted


def test_nothing_to_fold() -> None:
    assert fold((), ()) == ()
