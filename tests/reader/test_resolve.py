"""A reference means one item, or is refused with the reason."""

from pathlib import Path

import pytest

from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.errors import AmbiguousItem, UnknownItem, UsageError
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


@pytest.mark.parametrize("ref", ["", "0" * 64, "0" * 8, "nowhere.eml", "#9", 9, "#", "' OR true --", "%", "f" * 65])
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
