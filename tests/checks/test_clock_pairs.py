"""What all rules share that hold a time against Date or a stamp."""

import msgspec
import pytest

from forensics.checks import _clock_pairs as pairs
from forensics.checks._clock_pairs import Against, Pair, compare
from forensics.checks._facts import HOUR, cite, cite_row
from forensics.checks.mail.boundary_time import RULE
from forensics.examples.files import location
from forensics.examples.mails import id_time, message
from forensics.examples.times import ticks, time, time_row
from forensics.model.rules import Role
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

DATE = time("2017-03-06T10:00:00+00:00")
IDS = [id_time(f"2017-03-06T{clock}+00:00") for clock in ("11:00:00", "07:00:00", "12:00:00")]
EARLIER = says("test.pair.earlier", one="{apart} before")
PAIR = Pair(
    kinds=(TimeKind.MESSAGE_ID,),
    choose=pairs.first,
    later=((HOUR, "later>1h"),),
    labels=("Date", "id"),
    words=lambda found: {"apart": str(found[2])},
    said=says("test.pair", one="{apart}"),
)


@pytest.mark.parametrize(("name", "place"), [("first", 0), ("earliest", 1), ("latest", 2), ("farthest", 1)])
def test_one_of_several_counts(name: str, place: int) -> None:
    choose = getattr(pairs, name)
    made, held, _ = choose(IDS, (DATE,))
    assert (made, held) == (IDS[place], DATE)
    assert choose([], (DATE,)) is choose(IDS, ()) is None


@pytest.mark.parametrize(
    ("made", "changed", "bin"),
    [
        ("12:00:00", {}, "later>1h"),
        ("11:00:00", {}, ""),
        ("07:00:00", {}, ""),
        ("07:00:00", {"earlier": ((HOUR, "earlier>1h"),)}, "earlier>1h"),
        ("12:00:00", {"zones": lambda message, found: found[2] == 2 * HOUR, "zone": "zone"}, "zone"),
        ("12:00:00", {"doubted": lambda message, found: True}, ""),
        ("12:00:00", {"against": Against.STAMPS}, ""),
        ("12:00:00", {"kinds": (TimeKind.BOUNDARY,)}, ""),
    ],
)
def test_a_row_says_what_a_difference_is(made: str, changed: dict[str, object], bin: str) -> None:
    mail = message("2017-03-06T10:00:00+00:00", ids=(id_time(f"2017-03-06T{made}+00:00"),))
    found = list(compare(RULE, msgspec.structs.replace(PAIR, **changed), mail))
    assert [one.bin for one in found] == ([bin] if bin else [])


def test_the_suspect_is_what_the_time_is_held_against() -> None:
    mail = message("2017-03-06T10:00:00+00:00", ids=(IDS[2],))
    (seen,) = compare(RULE, msgspec.structs.replace(PAIR, said_earlier=EARLIER), mail)
    assert seen.sentence.key == PAIR.said.key
    assert [(fact.role, fact.kind) for fact in seen.evidence] == [
        (Role.SUSPECT, TimeKind.DATE),
        (Role.WITNESS, TimeKind.MESSAGE_ID),
    ]
    assert seen.suspect == "header:Date[0]"


def test_what_is_earlier_may_be_said_in_another_way() -> None:
    pair = msgspec.structs.replace(PAIR, earlier=((HOUR, "earlier>1h"),), said_earlier=EARLIER)
    (seen,) = compare(RULE, pair, message("2017-03-06T10:00:00+00:00", ids=(IDS[1],)))
    assert seen.sentence.key == EARLIER.key


def test_what_is_cited_of_a_time_is_typed() -> None:
    at = ticks("2017-03-06T10:00:00Z")
    fact = cite("Date", DATE, Role.SUSPECT)
    assert (fact.kind, fact.instant, fact.wall) == (TimeKind.DATE, at, at)
    local = cite_row("made", time_row("2017-03-06T10:00:00", kind=TimeKind.HOP), Role.WITNESS, "a", location())
    assert (local.kind, local.instant, local.wall) == (TimeKind.HOP, None, at)
    far = msgspec.structs.replace(DATE, instant=10**19, wall=-(10**19))
    assert (cite("Date", far, Role.SUSPECT).instant, cite("Date", far, Role.SUSPECT).wall) == (None, None)
