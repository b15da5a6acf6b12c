"""A reply quotes a line in other words than the mail that it answers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import cite_located, settled
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.quotes import DifferenceRow
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
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

RULE = Rule(
    id="case.quote_differs",
    version=1,
    title="Quoted text that differs from its original",
    subject=Subject.MESSAGE,
    needs=MessageHas.REFERENCES,
    bins=(
        # Typing errors that quoters correct, remarks that they put between: 0.9 in 1,000 genuine replies.
        Bin("slight", ceiling=Strength.WEAK),
        # Who answers above a whole mail may write into it: 14 in 1,000 answers of that kind.
        Bin("unmarked", ceiling=Strength.WEAK),
        # Who quotes corrects a word, and programs lose one: 0.6 in 1,000 replies of lists that no rule was made on.
        Bin("one_edit", ceiling=Strength.WEAK),
        Bin("two_repliers"),
    ),
    group="quotes",
    proposition=Proposition.ALTERED_CONTENT,
    # Some 1,200 mails with two quoters of one line are all that could be counted: too few for more.
    ceiling=Strength.MODERATE,
    benign=("quoter_edited", "client_rewrote", "other_version", "list_copy", "unsolicited"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 3676 4.5", "kb:X-04", "kb:O-01", "kb:O-02", "kb:O-04", "kb:O-05", "kb:O-09"),
)

_SAID = {
    "changed": says(
        "rule.case.quote_differs.changed",
        one=(
            'The quoted line has "{quoted}" where the mail that it was taken from has "{original}"; the {matched} '
            "other quoted lines around it are the same. People who quote it like that: {quoters}; who quote it as the "
            "mail has it: {others}."
        ),
    ),
    "added": says(
        "rule.case.quote_differs.added",
        one=(
            'The quoted text has "{quoted}", which the mail that it was taken from lacks; the {matched} other quoted '
            "lines around it are the same. People who quote it like that: {quoters}; who quote it as the mail has it: "
            "{others}."
        ),
    ),
    "lacking": says(
        "rule.case.quote_differs.lacking",
        one=(
            'The mail has "{original}" inside a line, which the quote of that line lacks; the {matched} other quoted '
            "lines around it are the same. People who quote it like that: {quoters}; who quote it as the mail has it: "
            "{others}."
        ),
    ),
}
_TWO_QUOTERS = says(
    "note.two_quoters",
    one="{quoters} people who did not quote each other have the same wording; it is not one quoter's doing.",
)
_QUOTED_ON = says(
    "note.quoted_on",
    one="Answers to the reply quote the line as the original has it, so the reply said so when they were written.",
)

ROWS_NEEDED = {"messages": 2}

QUERY = """
WITH edits AS (SELECT sha256, original_sha256, differing, unnest(differences) AS edit FROM quotes WHERE differing > 0),
two AS MATERIALIZED (SELECT sha256 FROM edits UNION SELECT original_sha256 FROM edits),
held AS (SELECT item, bool_or(body_holds AND header_holds) AS intact FROM flat.judged GROUP BY item),
mails AS MATERIALIZED (
    SELECT sha256, location, coalesce(sender, '') AS sender, coalesce(intact, false) AS intact
    FROM two JOIN flat.items USING (sha256) JOIN flat.mails USING (item) LEFT JOIN held USING (item))
SELECT e.sha256, r.location, r.sender, r.intact, e.original_sha256, o.location AS original_location,
       o.intact AS original_intact, differing, edit, coalesce("by" = ['subject'], false) AS guessed
FROM edits e JOIN mails r USING (sha256) JOIN mails o ON o.sha256 = e.original_sha256 LEFT JOIN threads USING (sha256)
ORDER BY e.original_sha256, edit.kind, edit.quoted, edit.original, e.sha256, edit.line.start
"""

_EDITS = frozenset(("word", "number", "negation", "address", "inserted", "line"))
"""Words that a quote lacks are not among them: who quotes cuts, within a line too."""
LEAST_MATCHED = 2
"""Lines of the block that are the same."""
LONG = 10
"""Words of a line of which one line beside it is enough."""
MOST_EDITS = 2
"""Edits in one reply, above which it quotes another version."""
MOST = 20
"""Replies named for one edit."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One edit of one reply."""

    sha256: str
    location: Location
    sender: str
    """In lower case."""
    intact: bool
    """Whether a signature of its header and body holds."""
    original_sha256: str
    original_location: Location
    original_intact: bool
    differing: int
    """Edits in the reply."""
    edit: DifferenceRow
    guessed: bool = False
    """Whether nothing but subject and people says which mail it answers."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take those together who quote one mail with the same edit."""
    for _, found in groupby(rows, lambda row: (row.original_sha256, row.edit.kind, row.edit.quoted, row.edit.original)):
        yield _observation(list(found))


def _bin(rows: Sequence[Row]) -> str:
    told = [row for row in rows if _tells(row)]
    if not told:
        return "slight"
    if len({row.sender for row in told} - {""}) > 1:
        return "two_repliers"
    return "one_edit" if any(row.edit.depth for row in told) else "unmarked"


def _tells(row: Row) -> bool:
    """Whether an edit is one that genuine replies hardly ever have."""
    edit = row.edit
    certain = edit.matched >= LEAST_MATCHED or (edit.matched > 0 and edit.words >= LONG)
    return edit.kind in _EDITS and certain and row.differing <= MOST_EDITS and not row.guessed


def _roles(rows: Sequence[Row]) -> tuple[Role, Role]:
    """Return the parts of the replies and of the original: whose wording others confirm is only a witness."""
    quoters, others = _quoters(rows), max(row.edit.repliers_as_original for row in rows)
    original = any(row.original_intact for row in rows)
    replies = all(row.intact for row in rows)
    if original != replies:
        return (Role.SUSPECT, Role.WITNESS) if original else (Role.WITNESS, Role.SUSPECT)
    as_quoted = quoters > 1 or any(row.edit.answers_as_quoted for row in rows)
    as_original = others > 0 or any(row.edit.answers_as_original for row in rows)
    if as_quoted == as_original:
        return Role.EITHER, Role.EITHER
    return (Role.WITNESS, Role.SUSPECT) if as_quoted else (Role.SUSPECT, Role.WITNESS)


def _quoters(rows: Sequence[Row]) -> int:
    return max(len({row.sender for row in rows}), *[1 + row.edit.repliers_as_quoted for row in rows])


def _observation(rows: Sequence[Row]) -> Observation:
    first, name = rows[0], _bin(rows)
    edit = first.edit
    said = "added" if not edit.original else "changed" if edit.quoted else "lacking"
    of_reply, of_original = _roles(rows)
    subjects = [SubjectRef(role=of_reply, sha256=row.sha256, location=row.location) for row in rows[:MOST]]
    of_it = SubjectRef(role=of_original, sha256=first.original_sha256, location=first.original_location)
    evidence = [
        cite_located("quoted line", row.edit.line, of_reply, row.sha256, row.location, value=row.edit.line.value[:200])
        for row in rows[:MOST]
    ]
    return Observation(
        sentence=_SAID[said](
            quoted=edit.quoted[:200],
            original=edit.original[:200],
            matched=edit.matched,
            quoters=_quoters(rows),
            others=max(row.edit.repliers_as_original for row in rows),
        ),
        bin=name,
        evidence=(*evidence, _cite_original(first, of_original)),
        suspect=edit.line.path,
        subjects=(of_it, *subjects) if of_reply is Role.WITNESS else (*subjects, of_it),
        benign=tuple(_causes(rows)),
    )


def _cite_original(row: Row, role: Role) -> Evidence:
    line = row.edit.original_line
    value = " ".join(line.value.split())[:200]
    return cite_located("line of the original", line, role, row.original_sha256, row.original_location, value=value)


def _causes(rows: Sequence[Row]) -> Iterator[BenignState]:
    """One person's correction is not made by two who do not know of each other, nor undone by those who answer."""
    if (quoters := _quoters(rows)) > 1:
        yield settled("quoter_edited", State.EXCLUDED, _TWO_QUOTERS(quoters=quoters))
    elif any(row.edit.answers_as_original for row in rows):
        yield settled("quoter_edited", State.EXCLUDED, _QUOTED_ON())


def _row(number: int = 1, *, kind: str = "word", original_intact: bool = False, **edit: int) -> Row:
    quoted, original = {"line": ("a whole line", ""), "deleted": ("", "not")}.get(kind, ("paid", "returned"))
    return Row(
        sha256=f"{number:064}",
        location=location(f"leak/{number}.eml"),
        sender=f"{number}@example.org",
        intact=False,
        original_sha256="0" * 64,
        original_location=location("leak/0.eml"),
        original_intact=original_intact,
        differing=edit.pop("differing", 1),
        edit=DifferenceRow(
            kind=kind,
            quoted=quoted,
            original=original,
            line=located_row("the sum was paid by the bank yesterday", "part:1"),
            original_line=located_row("the sum was returned by the bank yesterday", "part:1"),
            **{"words": 8, "matched": 2, "depth": 1} | edit,
        ),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    yield fires((_row(),), "one other word, two lines beside it the same", bin="one_edit")
    yield fires((_row(kind="deleted"),), "a word of the line is not quoted", bin="slight")
    yield fires((_row(kind="line"),), "the original lacks a line", bin="one_edit")
    yield fires((_row(1), _row(2)), "two people have the same other word", bin="two_repliers")
    yield fires((_row(words=10, matched=1),), "one line beside a long one", bin="one_edit")
    yield fires((_row(words=9, matched=1),), "one line beside a short one", bin="slight")
    yield fires((_row(kind="typo"),), "a typing error corrected", bin="slight")
    yield fires((_row(kind="two_words"),), "two other words", bin="slight")
    yield fires((_row(depth=0),), "in a quote without marks, below a header", bin="unmarked")
    yield fires((_row(differing=3),), "three edits: another version", bin="slight")
    yield fires((_row(original_intact=True),), "the signature of the original holds", bin="one_edit")
    yield fires((_row(answers_as_original=1),), "an answer quotes the original's word", bin="one_edit")
    yield fires((replace(_row(), guessed=True),), "nothing but the subject says what it answers", bin="slight")
    yield silent((), "nothing differs")
