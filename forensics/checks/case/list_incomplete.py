"""A list of checksums stands beside files that it names, and some that it names are not there, or it names some not.

Who takes a file out of a collection, or puts one in, has to change its lists too.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._checksum_lists import QUERY, Row, cited, lists, sample
from forensics.checks._digests import is_list
from forensics.checks._facts import counts
from forensics.examples.cases import Case, fires, silent
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

__all__ = ["QUERY", "Row"]

RULE = Rule(
    id="case.list_incomplete",
    version=4,
    title="A list of checksums names other files than stand beside it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.FILE_DIGESTS,
    bins=(Bin("missing"), Bin("unlisted")),
    group="copies",
    proposition=Proposition.INCOMPLETE,
    ceiling=Strength.MODERATE,
    benign=("list_of_other_state", "list_of_part"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-7",),
)

_MISSING = says(
    "rule.case.list_incomplete.missing",
    one="The list {list} names {named} files; one of them is not there: {names}.",
    many="The list {list} names {named} files; {n} of them are not there: {names}.",
)
_UNLISTED = says(
    "rule.case.list_incomplete.unlisted",
    one="The list {list} names {named} files that stand beside it, and does not name one other there: {names}.",
    many="The list {list} names {named} files that stand beside it, and does not name {n} others there: {names}.",
)
NAMED = 5
"""Files that a sentence names."""

ROWS_NEEDED = {"documents": 1}


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare what each list names with what stands beside it."""
    for listed in lists(rows):
        if listed.cut:
            continue
        # Where an archive could not be read to its end, files may stand in the rest.
        if missing := [lines[0] for lines in listed.named if not lines[0].there and lines[0].whole]:
            yield _whole("missing", missing, missing, len(listed.named))
        others = [row for row in listed.others if not is_list(row.wanted.removeprefix(row.folder))]
        # A list of few files among many was meant of these alone.
        if 0 < len(others) <= len(listed.there) and not listed.own:
            yield _whole("unlisted", others, [lines[0] for lines in listed.there], len(listed.there))


def _whole(name: str, rows: list[Row], lines: list[Row], named: int) -> Observation:
    """Return what is said of a list as a whole, with lines of it."""
    first = rows[0]
    names = [row.wanted.removeprefix(first.folder)[:120] for row in rows[:NAMED]]
    values = {"list": first.list_text[:200], "named": str(named)}
    values["names"] = ", ".join(names) + (", …" if len(rows) > NAMED else "")
    label = "files that the list names, and those that it does not fit"
    files = tuple([row.file for row in rows[:NAMED] if row.file])
    return Observation(
        sentence=(_MISSING if name == "missing" else _UNLISTED)(len(rows), **values),
        bin=name,
        evidence=tuple([cited(row, row.said) for row in lines[:NAMED] if row.said is not None]),
        suspect=f"list:{name}",
        subjects=(SubjectRef(role=Role.EITHER, sha256=first.sha256, location=first.location),),
        aggregates=(counts(RULE, label, {}, n=named, k=len(rows), sample=files),),
    )


def cases() -> Iterator[Case]:
    """Cases of lists and files."""
    fit = sample(1, listed="a", has="a"), sample(2, listed="b", has="b")
    yield fires((*fit, sample(3, listed="c")), "one file of three is not there", bin="missing")
    yield fires((sample(0, has="e", name="5.doc"), *fit), "one file is not named", bin="unlisted")
    yield silent(fit, "a list that fits")
    lower = sample(0, has="c", name="r%C3%A9sum%C3%A9.doc")
    for name, system in (
        ("R%C3%89SUM%C3%89.DOC", "Windows"),
        ("re%CC%81sume%CC%81.doc", "macOS"),
        ("r%E9sum%E9.doc", "1252"),
    ):
        yield silent((lower, *fit, sample(3, listed="c", name=name)), f"a name as {system} writes it")
    broken = [msgspec.structs.replace(row, whole=False) for row in (*fit, sample(3, listed="c"))]
    yield silent(tuple(broken), "an archive that was not read to its end")
    few = sample(1, listed="a", has="a"), sample(2, listed="b"), sample(3, listed="c")
    yield silent(few, "the list of another folder")
    yield silent((sample(0, has="e", name="SHA256SUMS.asc"), *fit), "the signature of the list")
    many = [sample(0, has="e", name=f"{number}.doc") for number in range(5, 9)]
    yield silent((*many, *fit), "a list of few files among many")
