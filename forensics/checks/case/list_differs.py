"""A list of checksums stands beside files that it names, and one of them has another digest than it gives.

Who changes a file that a list names has to make the list anew.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from forensics.checks import settle
from forensics.checks._checksum_lists import QUERY, Listed, Row, cited, lists, sample
from forensics.checks._digests import FileDigests, computed, with_other_line_ends
from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.model.comparing import ComparedItem, Comparison
from forensics.model.locations import Location, Locator
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

__all__ = ["QUERY", "Row"]

RULE = Rule(
    id="case.list_differs",
    version=2,
    title="A file has another digest than the list beside it gives",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.FILE_DIGESTS,
    bins=(Bin("one_of_several"), Bin("its_one_file")),
    group="copies",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("line_ends_changed", "list_of_other_state"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-7",),
)

_DIGEST = says(
    "rule.case.list_differs.digest",
    one=(
        "The list {list} gives the {algorithm} of {name} as {listed}; the file there has {has}. No other file that it "
        "names was compared."
    ),
    many=(
        "The list {list} gives the {algorithm} of {name} as {listed}; the file there has {has}. Of {n} files that it "
        "names and that were compared {fit} have the digest that it gives."
    ),
)
_SAME_TEXT = says(
    "rule.case.list_differs.same_text", one="With other line ends the file has the digest that the list gives."
)
_NO_LINES = says("rule.case.list_differs.no_lines", one="The file has no line ends.")

SHOWN = 32
"""Digits of a digest that a sentence gives."""
CITED = 20
"""Files with other digests that are told one by one, of one list."""

ROWS_NEEDED = {"documents": 1}


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare each list with the files beside it."""
    digests = FileDigests(context.contents)
    for listed in lists(rows):
        yield from _changed(listed, digests)


def _changed(listed: Listed, digests: FileDigests) -> Iterator[Observation]:
    """Report files of another digest; a list none of whose digests fits was made of other files than these."""
    known = [found for lines in listed.there if (found := _compared(lines, digests))]
    other = [found for found in known if not found.fits]
    fit = len(known) - len(other)
    if not fit and not listed.own:
        return
    for row, has, _ in other[:CITED]:
        assert row.said is not None and row.file_location is not None
        values = {"list": row.list_text[:200], "algorithm": row.algorithm.upper(), "name": row.wanted[:200]}
        values |= {"listed": _shown(row.listed), "has": _shown(has), "fit": str(fit)}
        yield Observation(
            sentence=_DIGEST(len(known), **values),
            bin="its_one_file" if listed.own else "one_of_several",
            evidence=(cited(row, row.said),),
            suspect=row.said.path,
            subjects=(
                SubjectRef(role=Role.EITHER, sha256=row.file, location=row.file_location),
                SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
            ),
            benign=tuple(_line_ends(row, digests)),
        )


class _Compared(NamedTuple):
    """A line of a file, the file's digest, and whether that is one which the list gives."""

    row: Row
    has: str
    fits: bool


def _compared(lines: list[Row], digests: FileDigests) -> _Compared | None:
    """Return what the last line of a file says that can be compared; ``None``: none can.

    Lists to which lines are added when a file has changed give its old digest too, and that is no contradiction; but
    each algorithm by which they give a digest has to fit.
    """
    last: dict[str, _Compared] = {}
    for row in lines:
        held = last.get(row.algorithm)
        if (held is None or not held.fits) and (
            has := digests.of(row.algorithm, row.file, row.file_location, row.size)
        ):
            last[row.algorithm] = _Compared(row, has, has == row.listed)
    return min(last.values(), key=lambda one: one.fits, default=None)


def _shown(digest: str) -> str:
    return digest if len(digest) <= SHOWN else f"{digest[:SHOWN]}…"


def _line_ends(row: Row, digests: FileDigests) -> Iterator[BenignState]:
    data = digests.read(row.file, row.file_location, row.size)
    if data is None:
        return
    if row.listed in [computed(row.algorithm, one) for one in with_other_line_ends(data)]:
        yield settled("line_ends_changed", State.EXPLAINS, _SAME_TEXT())
    elif b"\n" not in data and b"\r" not in data:
        yield settled("line_ends_changed", State.EXCLUDED, _NO_LINES())


class _Held(NamedTuple):
    """A source that holds one file."""

    data: bytes

    def read(self, location: Location, locator: Locator | None = None) -> bytes:
        """Return it."""
        return self.data

    def difference(self, one: ComparedItem, other: ComparedItem, sizes: tuple[int, int]) -> Comparison:
        """Return that they differ, and not in what: nothing was compared."""
        return Comparison(whole=False)


def cases() -> Iterator[Case]:
    """Cases of lists and files."""
    fit = sample(1, listed="a", has="a"), sample(2, listed="b", has="b")
    yield fires((*fit, sample(3, listed="c", has="d")), "one file of three has another digest", bin="one_of_several")
    own = msgspec.structs.replace(sample(1, listed="a", has="b"), list_text="leak/1.doc.sha256")
    yield fires((own,), "the list of that file alone", bin="its_one_file")
    text = b"one\r\ntwo\r\n"
    moved = sample(3, listed="c", has="d")
    assert moved.said is not None
    digest = computed("sha256", text.replace(b"\r\n", b"\n"))
    moved = msgspec.structs.replace(moved, said=msgspec.structs.replace(moved.said, value=f"{digest} 3.doc"))
    case = explained((*fit, moved), "a text with the line ends of another system", by="line_ends_changed")
    yield msgspec.structs.replace(case, context=msgspec.structs.replace(case.context, contents=_Held(text)))
    yield silent(fit, "a list that fits")
    yield silent((sample(1, listed="a", has="b"), sample(2, listed="b", has="c")), "a list of none of these files")
    again = sample(3, listed="c", has="d"), sample(4, listed="d", has="d", name="3.doc")
    yield silent((*fit, *again), "a list to which the new digest was added")
    yield silent((*fit, sample(3, listed="e", has="d", name="SHA256SUMS")), "a list that names itself")
    yield silent((*fit, sample(3, listed="e", has="d", name=".DS_Store")), "a file that the system changes")
    few = sample(1, listed="a", has="b"), sample(2, listed="b"), sample(3, listed="c")
    yield silent(few, "the list of another folder")
