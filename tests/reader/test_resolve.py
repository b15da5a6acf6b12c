"""A reference means one item, or is refused with the reason."""

from pathlib import Path

import pytest

from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.errors import AmbiguousItem, UnknownItem, UsageError
from forensics.model.codec import encode_text
from forensics.model.findings import Cluster, ItemRef, Ranked
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.rows.ranking import RankRow, row_of
from forensics.reader.resolve import Meant, resolve

MAIL = "box/one mail.eml"


@pytest.fixture
def queries(made):
    with Queries(made.case) as found:
        yield found


def test_a_digest_its_start_and_a_location(queries: Queries, made) -> None:
    digest = made.citations[0].item.sha256
    for ref in (digest, digest[:8], digest[:8].upper(), digest.upper()):
        assert resolve(queries, ref) == Meant(digests=(digest,))
    assert resolve(queries, MAIL) == Meant(digests=(digest,), place=MAIL)


@pytest.mark.parametrize(
    "ref", ["", "0" * 64, "0" * 8, "nowhere.eml", "#9", 9, "#", "7", "./9", "' OR true --", "%", "f" * 65]
)
def test_what_means_nothing(queries: Queries, ref: str | int) -> None:
    with pytest.raises(UnknownItem) as raised:
        resolve(queries, ref)
    assert isinstance(raised.value, UsageError)


def test_too_few_digits_are_no_digest(queries: Queries, made) -> None:
    with pytest.raises(UnknownItem, match="at least 6"):
        resolve(queries, made.citations[0].item.sha256[:5])


def test_what_means_several_names_them(made, tmp_path: Path) -> None:
    step = made.citations[0].item.location.steps[0]
    digests = [digit * 8 + str(number) * 56 for digit, number in (("a", 1), ("a", 2))]
    rows = [
        made.occurrence(step.__class__(kind=step.kind, name=f"x{number}", start=0, end=1, sha256=digest, source="leak"))
        for number, digest in enumerate(digests)
    ]
    with made.case.lock():
        made.case.custody.append("unit", {"unit": "u2"}, write_unit(made.case, "u2", {"occurrences": made.rows(rows)}))
    with Queries(CaseFolder.open(made.case.path)) as queries, pytest.raises(AmbiguousItem) as raised:
        resolve(queries, "aaaaaaaa")
    assert raised.value.candidates == tuple(digests)
    assert [line.split() for line in raised.value.described] == [[one[:16], f"x{n}"] for n, one in enumerate(digests)]


def test_a_location_is_taken_as_it_is_shown(made) -> None:
    names = ["Été/100%.eml", "x%20y", "1"]
    digests = [str(number) * 64 for number in range(1, 4)]
    steps = [file_step(name.encode(), digest) for name, digest in zip(names, digests, strict=True)]
    rows = [made.occurrence(step) for step in steps]
    with made.case.lock():
        made.case.custody.append("unit", {"unit": "u2"}, write_unit(made.case, "u2", {"occurrences": made.rows(rows)}))
    with Queries(CaseFolder.open(made.case.path)) as queries:
        for step, name, digest in zip(steps, names, digests, strict=True):
            for ref in (Location((step,)).readable, Location((step,)).text, f"./{name}"):
                assert resolve(queries, ref) == Meant(digests=(digest,), place=step.name), ref


def test_the_end_of_a_location_is_enough_where_it_is_one_items(made) -> None:
    names, digests = ["a/b.eml", "c/b.eml", "c/9.eml"], [str(number) * 64 for number in range(1, 4)]
    rows = [made.occurrence(file_step(name.encode(), digest)) for name, digest in zip(names, digests, strict=True)]
    with made.case.lock():
        made.case.custody.append("unit", {"unit": "u2"}, write_unit(made.case, "u2", {"occurrences": made.rows(rows)}))
    with Queries(CaseFolder.open(made.case.path)) as queries:
        assert resolve(queries, "9.eml") == Meant(digests=(digests[2],), place="c/9.eml")
        with pytest.raises(AmbiguousItem):
            resolve(queries, "b.eml")
        for ref in ("eml", ".eml", "/9.eml", "%.eml", ""):
            with pytest.raises(UnknownItem):
                resolve(queries, ref)


def test_a_number_is_a_rank_before_it_is_anything_else(made) -> None:
    ranked = ranking(3, "1" * 64)
    with made.case.lock():
        made.case.custody.append("unit", {"unit": "g2"}, write_unit(made.case, "g2", {"ranking": made.rows([ranked])}))
        rows = [made.occurrence(file_step(b"3", "2" * 64)), made.occurrence(file_step(b"4", "3" * 64))]
        made.case.custody.append("unit", {"unit": "u2"}, write_unit(made.case, "u2", {"occurrences": made.rows(rows)}))
    with Queries(CaseFolder.open(made.case.path)) as queries:
        for ref in (3, "3", "#3"):
            assert resolve(queries, ref).digests == ("1" * 64,)
        assert resolve(queries, "./3").digests == ("2" * 64,)
        assert resolve(queries, "4").digests == ("3" * 64,)  # beyond the last rank
        assert resolve(queries, "222222").digests == ("2" * 64,)
        with pytest.raises(UnknownItem, match="the last is 3"):
            resolve(queries, "5")


def file_step(name: bytes, digest: str) -> Step:
    return Step(kind=StepKind.FILE, name=quote(name), start=0, end=1, sha256=digest, source="leak")


def ranking(rank: int, digest: str) -> RankRow:
    item = ItemRef(sha256=digest, location=Location((file_step(b"x", digest),)))
    line = Ranked(
        **{"rank": rank, "score": 1.0, "strength": "weak", "item": item, "cluster": None, "propositions": ()},
        **{"findings": (), "reasons": (), "supported_by": ()},
    )
    return RankRow(rank=rank, strength="weak", score=1.0, ranked=encode_text(line))


def test_a_rank_that_stands_for_further_entries_is_refused_with_their_names(made) -> None:
    item = made.citations[0].item
    cluster = Cluster(rule="mail.test", value="off", members=(item, item), kind="folded", like=1, entries=2)
    line = Ranked(
        rank=7,
        score=4.0,
        strength="strong",
        item=None,
        cluster=cluster,
        propositions=(),
        findings=(),
        reasons=(),
        supported_by=(),
    )
    with made.case.lock():
        unit = write_unit(made.case, "u3", {"ranking": made.rows([row_of(line)])})
        made.case.custody.append("unit", {"unit": "u3"}, unit)
    with Queries(CaseFolder.open(made.case.path)) as queries, pytest.raises(AmbiguousItem, match="stands for 2 items"):
        resolve(queries, "#7")
