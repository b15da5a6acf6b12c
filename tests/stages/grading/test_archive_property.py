"""What more than a fifth of an archive shows, in small archives of invented mails."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.locations import Locator
from forensics.model.presence.message import MessageHas
from forensics.model.rules import BenignState, Bin, Evidence, Role, Rule, State, nested
from forensics.stages.grading.archive_property import Property, archive_properties, set_apart
from forensics.stages.grading.strength import explained_by
from forensics.stages.observed import Observed

DAY = 86_400 * TICKS_PER_SECOND
YEAR = 365 * DAY


@pytest.fixture
def rule(make_rule: Callable[..., Rule]) -> Rule:
    return make_rule(bins=(*nested("later>1h", "later>1d"), Bin("earlier>1d")))


@pytest.fixture
def mails(archive: Any, rule: Rule, observe: Callable[..., Observed]) -> Callable[..., list[Observed]]:
    """Add mails with a Date and an id made at given times; return an observation for each, of a bin."""

    def add(*made: tuple[int, int], bin: str = "later>1d", more: int = 0) -> list[Observed]:
        found = []
        start = archive.database.execute("SELECT count(*) FROM messages").fetchone()[0]
        for number, (dated, at) in enumerate(made, start):
            name = f"{number:03}"
            archive.add("messages", sha256=name, mask=int(MessageHas.DATE), timestamps=[])
            one = observe(rule, name, bin=bin)
            # A time of another item, first of its role, is no witness.
            other = msgspec.structs.replace(_fact("id", Role.WITNESS, wall=-at), sha256="another")
            evidence = (_fact("date", Role.SUSPECT, instant=dated), other, _fact("id", Role.WITNESS, wall=at))
            changed = msgspec.structs.replace(one.observation, evidence=evidence)
            found.append(msgspec.structs.replace(one, observation=changed))
        for number in range(more):
            archive.add("messages", sha256=f"other {number}", mask=int(MessageHas.DATE), timestamps=[])
        return found

    return add


def _fact(label: str, role: Role, *, instant: int | None = None, wall: int | None = None) -> Evidence:
    return Evidence(role=role, label=label, value="", raw=b"", locator=Locator(), instant=instant, wall=wall)


def said(found: Property) -> str:
    return Wording("en").said(found.statement)


def apart(archive: Any, observed: list[Observed]) -> tuple[tuple[Property, ...], list[bool]]:
    found = archive_properties(archive.rows, observed)
    after = set_apart(observed, found)
    return found, [explained_by(one.observation.benign) == "whole_archive" for one in after]


def test_ids_of_an_export_accuse_nobody(archive: Any, mails: Callable[..., list[Observed]]) -> None:
    observed = mails(*[(number * 10 * DAY, 4 * YEAR + number) for number in range(40)])
    (found,), aside = apart(archive, observed)
    assert all(aside)
    assert (found.bin, found.hits, found.n) == ("later>1d", 40, 40)
    assert "40 of the 40 mails" in said(found)
    assert "an export or a conversion" in said(found)
    assert "1973-12-31" in said(found)


def test_such_ids_are_no_witness_of_what_is_rarer(archive: Any, mails: Callable[..., list[Observed]]) -> None:
    observed = mails(*[(number * 10 * DAY, 4 * YEAR + number) for number in range(40)])
    observed += mails((40 * YEAR, 4 * YEAR + 5), bin="earlier>1d")
    assert apart(archive, observed)[1] == [True] * 41


def test_an_id_that_was_not_made_with_the_others_still_speaks(
    archive: Any, mails: Callable[..., list[Observed]]
) -> None:
    observed = mails(*[(number * 10 * DAY, 4 * YEAR + number) for number in range(40)], (9 * DAY, 5 * YEAR))
    (found,), aside = apart(archive, observed)
    assert aside == [True] * 40 + [False]
    assert "For 40 of these" in said(found)
    assert "41 of the 41 mails" in said(found)


def test_what_many_show_at_many_times_is_no_export(archive: Any, mails: Callable[..., list[Observed]]) -> None:
    observed = mails(*[(number * DAY, number * DAY + 2 * DAY) for number in range(40)])
    (found,), aside = apart(archive, observed)
    assert found.export is None
    assert all(aside)
    assert "export" not in said(found)


@pytest.mark.parametrize(("shown", "more", "expected"), [(4, 0, False), (5, 0, True), (6, 5, True), (5, 5, False)])
def test_a_small_archive_needs_an_export(
    archive: Any, mails: Callable[..., list[Observed]], shown: int, more: int, expected: bool
) -> None:
    exported = mails(*[(number * 10 * DAY, 4 * YEAR + number) for number in range(shown)], more=more)
    assert bool(archive_properties(archive.rows, exported)) is expected


@pytest.mark.parametrize(("shown", "more", "expected"), [(8, 32, False), (9, 31, True), (19, 0, False), (20, 0, True)])
def test_more_than_a_fifth_of_twenty_or_more(
    archive: Any, mails: Callable[..., list[Observed]], shown: int, more: int, expected: bool
) -> None:
    observed = mails(*[(number * DAY, number * DAY) for number in range(shown)], more=more)
    assert bool(archive_properties(archive.rows, observed)) is expected


def test_what_is_rarer_and_worse_is_not_the_archives(archive: Any, mails: Callable[..., list[Observed]]) -> None:
    observed = mails(*[(number * DAY, number * DAY) for number in range(20)], bin="later>1h", more=60)
    observed += mails((0, 9 * DAY), bin="later>1d")
    (found,), aside = apart(archive, observed)
    assert (found.bin, found.hits) == ("later>1h", 21)
    assert aside == [True] * 20 + [False]


def test_another_cause_stays(archive: Any, mails: Callable[..., list[Observed]]) -> None:
    observed = mails(*[(number * DAY, number * DAY) for number in range(20)])
    state = BenignState(cause="clock_skew", state=State.EXPLAINS)
    known = msgspec.structs.replace(observed[0].observation, benign=(state,))
    observed[0] = msgspec.structs.replace(observed[0], observation=known)
    assert apart(archive, observed)[1] == [False] + [True] * 19
