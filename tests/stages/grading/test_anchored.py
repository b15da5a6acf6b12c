from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from forensics.examples.times import ticks
from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Role, Rule, SubjectRef
from forensics.stages.grading.anchored import anchors_of, sided
from forensics.stages.observed import Observed

MakeRule = Callable[..., Rule]
Observe = Callable[..., Observed]
AT = "2016-03-01T10:00:00+00:00"
SECONDS = ticks(AT) // 10_000_000


@pytest.fixture
def pair(archive: Any, make_rule: MakeRule, observe: Observe) -> Callable[..., Observed]:
    """What becomes of an observation that mail a or mail b is wrong."""
    for name in ("a", "b", "c"):
        archive.add(
            "messages",
            sha256=name,
            mask=int(MessageHas.DATE),
            from_address="ann@x.example",
            date={"instant": ticks(AT), "wall": ticks(AT)},
        )

    def judged(*accuses: str, items: tuple[str, ...] = ("a", "b"), role: Role = Role.EITHER) -> Observed:
        one = observe(make_rule("case.pair", accuses=accuses), *items, role=role)
        return sided(one, anchors_of(archive.rows, [one]))

    return judged


def signed(archive: Any, item: str, **values: object) -> None:
    archive.add("signatures", sha256=item, **{"signed_fields": ["from", "date"], "time": SECONDS, **values})


def roles(one: Observed) -> dict[str, Role]:
    return {subject.sha256: subject.role for subject in one.observation.subjects}


def test_the_neighbour_of_an_anchored_mail_is_the_suspect(archive: Any, pair: Callable[..., Observed]) -> None:
    signed(archive, "a")
    archive.add("keys", key="k", obtained="file")
    one = pair()
    assert roles(one) == {"a": Role.WITNESS, "b": Role.SUSPECT}
    # the fact was quoted from a, the first of the two: it is a's still
    assert [(fact.sha256, fact.role) for fact in one.observation.evidence] == [("a", Role.WITNESS)]
    assert one.items == ("b",)
    (why,) = one.beside
    assert Wording(ENGLISH).said(why) == (
        "One of them, a, is anchored (the signature of office.example holds, with a key from a file): it is a witness "
        "here, and this speaks against what nothing anchors in that way."
    )


def test_nothing_changes_where_both_or_none_are_anchored(archive: Any, pair: Callable[..., Observed]) -> None:
    assert roles(pair()) == {"a": Role.EITHER, "b": Role.EITHER}
    signed(archive, "a")
    signed(archive, "b")
    one = pair()
    assert roles(one) == {"a": Role.EITHER, "b": Role.EITHER}
    assert one.beside == ()


def test_of_three_two_are_anchored(archive: Any, pair: Callable[..., Observed]) -> None:
    signed(archive, "b")
    archive.add("occurrences", sha256="c", source="one", message_sha256="")
    archive.add("occurrences", sha256="c", source="two", message_sha256="")
    one = pair(items=("a", "b", "c"))
    assert roles(one) == {"a": Role.SUSPECT, "b": Role.WITNESS, "c": Role.WITNESS}
    assert Wording(ENGLISH).said(one.beside[0]).startswith("2 of them are anchored (the first, b: the signature of")


@pytest.mark.parametrize("role", [Role.SUSPECT, Role.WITNESS])
def test_what_leaves_nothing_open_stays(archive: Any, pair: Callable[..., Observed], role: Role) -> None:
    signed(archive, "a")
    assert set(roles(pair(role=role)).values()) == {role}
    assert roles(pair(items=("a",))) == {"a": Role.EITHER}


def test_a_signature_vouches_for_what_it_covers(archive: Any, pair: Callable[..., Observed]) -> None:
    signed(archive, "a")
    assert roles(pair("from", "body"))["a"] is Role.WITNESS
    assert roles(pair("subject"))["a"] is Role.EITHER


@pytest.mark.parametrize("time", [None, SECONDS - 2 * 86_400])
def test_a_date_that_the_signers_clock_does_not_share_is_open(
    archive: Any, pair: Callable[..., Observed], time: int | None
) -> None:
    signed(archive, "a", time=time)
    assert roles(pair("date"))["a"] is Role.EITHER
    assert roles(pair("from"))["a"] is Role.WITNESS


@pytest.mark.parametrize("fault", [{"limits": ["unanchored"]}, {"body_holds": False}, {"header_holds": None}])
def test_signatures_that_prove_nothing(archive: Any, pair: Callable[..., Observed], fault: dict[str, object]) -> None:
    signed(archive, "a", **fault)
    assert roles(pair())["a"] is Role.EITHER


def test_an_answer_decides_no_role(archive: Any, pair: Callable[..., Observed]) -> None:
    archive.add("threads", sha256="a", number=0, by=[])
    archive.add("threads", sha256="c", number=1, parent=0, by=["in_reply_to"])
    signed(archive, "c", signed_fields=["from", "in-reply-to"])
    assert roles(pair())["a"] is Role.EITHER


def test_a_file_is_anchored_with_the_mail_that_carries_it(archive: Any, pair: Callable[..., Observed]) -> None:
    archive.add("documents", sha256="d", format="pdf", mask=0)
    archive.add("occurrences", sha256="d", source="leak", message_sha256="a")
    signed(archive, "a")
    assert roles(pair(items=("a", "d"))) == {"a": Role.EITHER, "d": Role.EITHER}
    assert roles(pair(items=("b", "d"))) == {"b": Role.SUSPECT, "d": Role.WITNESS}


def test_whole_and_outlined_observations_change_alike(
    archive: Any, pair: Callable[..., Observed], make_rule: MakeRule, observe: Observe
) -> None:
    from forensics.stages.observed import outline

    signed(archive, "b")
    one = observe(make_rule("case.pair"), "a", "b", role=Role.EITHER)
    anchors = anchors_of(archive.rows, [one])
    whole, short = sided(one, anchors), sided(outline(one), anchors)
    assert whole.beside == short.beside
    assert roles(whole) == roles(short) == {"a": Role.SUSPECT, "b": Role.WITNESS}


def test_an_item_without_a_digest_is_nobodys_neighbour(
    archive: Any, pair: Callable[..., Observed], make_rule: MakeRule, observe: Observe
) -> None:
    one = observe(make_rule("case.pair"), "a", "b", role=Role.EITHER)
    subjects = (one.observation.subjects[0], SubjectRef(role=Role.EITHER, sha256="", location=one.main.location))
    one = msgspec.structs.replace(one, observation=msgspec.structs.replace(one.observation, subjects=subjects))
    signed(archive, "a")
    assert sided(one, anchors_of(archive.rows, [one])) is one
