"""The rule on threads from files: whose wording others confirm is a witness, and two people are more than one."""

from pathlib import Path

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks.case import quote_differs
from forensics.examples.cases import context
from forensics.model.rules import Observation, State

pytestmark = pytest.mark.usefixtures("in_process")

LINES = (
    "The committee met on Tuesday in the small hall.",
    "The bank returned the whole sum of it to us yesterday.",
    "Everybody was content with what it had heard there.",
)
EDITED = (LINES[0], LINES[1].replace("returned", "kept"), LINES[2])


def mail(name: str, lines: tuple[str, ...], *above: str, marks: str = "") -> bytes:
    fields = [f"From: {name}@one.example", f"Message-ID: <{name}@one.example>", "Subject: The sum"]
    fields += [f"Date: Tue, {1 + len(above)} Jan 2019 10:00:00 +0000"]
    fields += [f"References: {' '.join([f'<{one}@one.example>' for one in above])}"] if above else []
    return "\n".join([*fields, "", *[marks + line for line in lines], ""]).encode()


ORIGINAL = mail("a", LINES)
CHANGED = mail("b", EDITED, "a", marks="> ")


def observed(folder: Path, *mails: bytes) -> list[Observation]:
    leak = folder / "leak"
    leak.mkdir()
    for number, data in enumerate(mails):
        (leak / f"{number}.eml").write_bytes(data)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    with Queries(CaseFolder.open(folder / "case")) as queries:
        rows = queries.rows(quote_differs.QUERY, {}, quote_differs.Row)
        return list(quote_differs.check(rows, context()))


def roles(seen: Observation) -> dict[str, str]:
    return {one.location.text.rpartition("/")[2]: one.role.value for one in seen.subjects}


def test_one_quoter_leaves_it_open(tmp_path: Path) -> None:
    (seen,) = observed(tmp_path, ORIGINAL, CHANGED)
    assert seen.bin == "one_edit"
    assert roles(seen) == {"0.eml": "either", "1.eml": "either"}
    reply, original = seen.evidence
    assert CHANGED[slice(*reply.locator.ranges[0])].decode() == EDITED[1] == reply.value
    assert ORIGINAL[slice(*original.locator.ranges[0])].decode() == LINES[1] == original.value


def test_another_replier_confirms_the_original(tmp_path: Path) -> None:
    (seen,) = observed(tmp_path, ORIGINAL, CHANGED, mail("c", LINES, "a", marks="> "))
    assert roles(seen) == {"0.eml": "witness", "1.eml": "suspect"}


def test_two_repliers_confirm_each_other(tmp_path: Path) -> None:
    (seen,) = observed(tmp_path, ORIGINAL, CHANGED, mail("c", EDITED, "a", marks="> "))
    assert seen.bin == "two_repliers"
    assert roles(seen) == {"0.eml": "suspect", "1.eml": "witness", "2.eml": "witness"}
    assert [(one.cause, one.state) for one in seen.benign] == [("quoter_edited", State.EXCLUDED)]


@pytest.mark.parametrize(("lines", "accused"), [(LINES, "1.eml"), (EDITED, "0.eml")])
def test_a_deeper_quote_decides(tmp_path: Path, lines: tuple[str, ...], accused: str) -> None:
    (seen,) = observed(tmp_path, ORIGINAL, CHANGED, mail("c", lines, "a", "b", marks="> > "))
    assert [name for name, role in roles(seen).items() if role == "suspect"] == [accused]
