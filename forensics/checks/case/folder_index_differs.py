"""The Finder's index of a folder, or its thumbnails by Windows, names what is not there; the index gives another size.

The Finder keeps names until it sees that a file is gone, and the size of a folder as it was when somebody last looked
at it: what was taken out, put in or changed afterwards, by a script or on another system, leaves the index as it was.
Of 63 folders of published repositories for which an index gives a size, 31 still hold as many bytes (10 of 16 owners
have such a one), and of 658 names 38 are not there; of 835 names in catalogs of thumbnails 46 are not.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._digests import keeps_itself
from forensics.checks._facts import counts
from forensics.checks._folder_indexes import QUERY, Row, Sized, cited, folded, sample, value_of
from forensics.examples.cases import Case, fires, silent
from forensics.model.locations import unquote
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
    id="case.folder_index_differs",
    version=1,
    title="What a system kept of a folder does not fit the folder",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.FOLDER_INDEX,
    bins=(Bin("missing"), Bin("folder_size"), Bin("thumbnail")),
    group="copies",
    proposition=Proposition.INCOMPLETE,
    ceiling=Strength.MODERATE,
    benign=("list_of_other_state", "list_of_part"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-7",),
)

_MISSING = says(
    "rule.case.folder_index_differs.missing",
    one=(
        "The Finder's index {list} names {named} files and folders that are not hidden; one is not there, nor a file "
        "in it: {names}."
    ),
    many=(
        "The Finder's index {list} names {named} files and folders that are not hidden; {n} are not there, nor a file "
        "in them: {names}."
    ),
)
_SIZE = says(
    "rule.case.folder_index_differs.folder_size",
    one=(
        "The Finder's index {list} says that the folder {name} held {listed} bytes; the one file in it has {has}. "
        "Folders of this index that hold as many bytes as it says: {fit} of {known}."
    ),
    many=(
        "The Finder's index {list} says that the folder {name} held {listed} bytes; the {n} files in it have {has}. "
        "Folders of this index that hold as many bytes as it says: {fit} of {known}."
    ),
)
_THUMBNAIL = says(
    "rule.case.folder_index_differs.thumbnail",
    one="The thumbnails {list} are of {named} files; one of these is not there: {names}.",
    many="The thumbnails {list} are of {named} files; {n} of these are not there: {names}.",
)
NAMED = 5
"""Names that a sentence gives."""
CITED = 20
"""Folders of another size that are told one by one, of one index."""
_NAMES = {"ds_store.name": ".", "thumbs_db.name": "{"}
"""Names, and how those of hidden files begin, or those by which thumbnails of folders go."""
_SIZED = re.compile(r"(\d{1,19}) (.+)", re.DOTALL)

ROWS_NEEDED = {"documents": 1}


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare each index with what stands in its folder; one that names nothing there is of another folder.

    Hidden files are left out of many a copy, and say nothing.
    """
    for _, group in groupby(rows, key=lambda row: (row.source, row.list_text, row.sha256)):
        every = list(group)
        there = {folded(unquote(row.child).decode("utf-8", "replace")): row for row in every if row.child}
        names = [row for row in every if _is_name(row)]
        missing = [row for row in names if folded(value_of(row)) not in there]
        if len(missing) == len(names) or not every[0].whole:
            continue
        if missing:
            yield _missing(missing, len(names))
        yield from _sizes(every, there)


def _is_name(row: Row) -> bool:
    begin = _NAMES.get(row.said.name) if row.said is not None else None
    return begin is not None and not value_of(row).startswith(begin) and not keeps_itself(value_of(row))


def _missing(missing: list[Row], named: int) -> Observation:
    first = missing[0]
    names = ", ".join([value_of(row)[:120] for row in missing[:NAMED]]) + (", …" if len(missing) > NAMED else "")
    label = "what the index names, and what of it is not there"
    pictures = first.said is not None and first.said.name == "thumbs_db.name"
    return Observation(
        sentence=(_THUMBNAIL if pictures else _MISSING)(
            len(missing), list=first.list_text[:200], named=str(named), names=names
        ),
        bin="thumbnail" if pictures else "missing",
        evidence=tuple([cited(row) for row in missing[:NAMED]]),
        suspect="index:missing",
        subjects=(SubjectRef(role=Role.EITHER, sha256=first.sha256, location=first.location),),
        aggregates=(counts(RULE, label, {}, n=named, k=len(missing), sample=()),),
    )


def _sizes(rows: list[Row], there: dict[str, Row]) -> Iterator[Observation]:
    """Report folders of another size; 0 stands where the Finder did not count."""
    known = []
    for row in rows:
        found = _SIZED.fullmatch(value_of(row)) if row.said is not None and row.said.name == "ds_store.size" else None
        has = there.get(folded(found[2])) if found else None
        if found and has is not None and has.is_folder and has.known and int(found[1]):
            known.append(Sized(row, found[2], int(found[1]), has))
    other = [one for one in known if not one.fits]
    for one in other[:CITED]:
        values = {"list": one.row.list_text[:200], "name": one.name[:200], "listed": str(one.listed)}
        values |= {"has": str(one.has.bytes), "known": str(len(known)), "fit": str(len(known) - len(other))}
        assert one.row.said is not None
        yield Observation(
            sentence=_SIZE(one.has.files, **values),
            bin="folder_size",
            evidence=(cited(one.row),),
            suspect=one.row.said.path,
            subjects=(SubjectRef(role=Role.EITHER, sha256=one.row.sha256, location=one.row.location),),
        )


def cases() -> Iterator[Case]:
    """Cases of indexes and folders."""
    fits = (sample("a"), sample("b"), sample(child="a"), sample(child="b", held=500))
    yield silent(fits, "an index that fits")
    yield fires((*fits, sample("c")), "a name that is not there", bin="missing")
    yield silent((sample("c"), sample(child="a")), "the index of another folder")
    broken = [msgspec.structs.replace(row, whole=False) for row in (*fits, sample("c"))]
    yield silent(tuple(broken), "an archive that was not read to its end")
    yield silent((*fits, sample("É"), sample(child="e%CC%81")), "a name as another system writes it")
    yield silent((*fits, sample(".git")), "a hidden folder that was not copied")
    yield silent((*fits, sample("Thumbs.db")), "a file that systems keep of a folder")
    seen = [sample(name, kind="thumbs_db.name") for name in ("a", "c", "{A42CD7B6-E9B9-4D02-B7A6-288B71AD28BA}")]
    yield fires((*seen, sample(child="a")), "a picture of which the thumbnail alone is there", bin="thumbnail")
    yield silent((seen[0], seen[2], sample(child="a")), "thumbnails of files that are there, and of a folder")
    yield fires((*fits, sample("501 b", kind="ds_store.size")), "a folder of another size", bin="folder_size")
    yield silent((*fits, sample("500 b", kind="ds_store.size")), "a folder of the size that the index gives")
    yield silent((*fits, sample("0 b", kind="ds_store.size")), "a folder whose size was not counted")
    yield silent((*fits, sample("7 a", kind="ds_store.size")), "a size of what is a file here")
    yield silent((*fits, sample("6648 b", kind="ds_store.size")), "a folder whose own index was left out")
    kept = (sample("b"), sample(child="b", held=6_648, own=500), sample("500 b", kind="ds_store.size"))
    yield silent(kept, "a folder that the Finder had not shown when it counted")
    unread = msgspec.structs.replace(sample(child="b", held=500), known=False)
    yield silent((sample("b"), unread, sample("501 b", kind="ds_store.size")), "a folder of which not all was read")
