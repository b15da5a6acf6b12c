import json
from pathlib import Path
from random import Random

import pytest

from samples import plant
from samples.planting.archive import Stored, store
from samples.planting.threads import draw, threads


def mail(name: str, *related: str, field: str = "References") -> Stored:
    named = f"{field}: {' '.join([f'<{one}@b.example>' for one in related])}\n" if related else ""
    own = f"Message-ID: <{name}@b.example>\n" if not name.startswith("no") else ""
    made = store(f"{name}.eml", f"From: a@b.example\n{own}{named}\nwords\n".encode())
    assert made is not None
    return made


@pytest.fixture
def mails() -> list[Stored]:
    long = [mail("a0"), *[mail(f"a{number}", f"a{number - 1}", "a0") for number in range(1, 6)]]
    siblings = [mail("b1", "gone"), mail("b2", "gone", field="In-Reply-To")]
    return [*long, *siblings, mail("c"), mail("d"), mail("no1"), mail("no2")]


def test_mails_that_name_each_other_or_one_that_is_absent_are_one_thread(mails: list[Stored]) -> None:
    found = [[one.path.removesuffix(".eml") for one in thread] for thread in threads(mails)]
    assert found == [["a0", "a1", "a2", "a3", "a4", "a5"], ["b1", "b2"], ["c"], ["d"], ["no1"], ["no2"]]


def test_a_later_mail_joins_two_threads() -> None:
    assert len(threads([mail("a"), mail("b"), mail("c", "a", "b")])) == 1


@pytest.mark.parametrize("most", [1, 3, 6, 7, 11, 12, 100])
def test_only_whole_threads_are_drawn(mails: list[Stored], most: int) -> None:
    whole = {frozenset(one.path for one in thread) for thread in threads(mails)}
    for seed in range(20):
        drawn = draw(mails, most, Random(seed))
        assert len(drawn) == len({one.path for one in drawn}) <= most
        assert {frozenset(one.path for one in thread) for thread in threads(drawn)} <= whole
        assert drawn == draw(mails, most, Random(seed))
    assert len(draw(mails, 100, Random(1))) == len(mails)


def test_a_thread_longer_than_what_is_wanted_is_never_cut(mails: list[Stored]) -> None:
    assert not any(one.path.startswith("a") for seed in range(20) for one in draw(mails, 5, Random(seed)))


def test_the_planter_draws_threads(folder: Path, tmp_path: Path) -> None:
    line = [str(folder), str(tmp_path / "out"), "--mails", "20", "--scenario", "conversion", "--before"]
    assert plant.main(line) == 0
    assert json.loads((tmp_path / "out" / "labels.json").read_text())["mails"] == 20
    drawn = [store(file.name, file.read_bytes()) for file in (tmp_path / "out" / "before").iterdir()]
    every = [store(file.name, file.read_bytes()) for file in folder.iterdir()]
    kept = {one.data for one in drawn if one}
    for thread in threads([one for one in every if one]):
        assert len({one.data in kept for one in thread}) == 1
