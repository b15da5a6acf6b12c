"""Two mails are the same word for word but for one place or a few: which words were changed, and where they stand.

Copies of one mail differ in their headers, wrap, marks and footers, not in a word of the text. Two mails that a sender
wrote in one second are one mail as well, unless a program wrote them for several readers or on several things.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, settled
from forensics.checks._returned import UNCUT
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.copies import ChangeRow
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
from forensics.model.sentences import Value, says

RULE = Rule(
    id="case.copy_differs",
    version=1,
    title="A copy with other words",
    subject=Subject.MESSAGE,
    needs=MessageHas.MESSAGE_ID | MessageHas.FROM,
    # Notices and corrected patches of one second: five pairs in 49,000 genuine mails.
    bins=(Bin("words"), Bin("passage"), Bin("other_id", ceiling=Strength.WEAK)),
    group="copies",
    compare_with="sender",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("form_letter", "several_notices", "list_copy", "resaved", "resent", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:X-07", "kb:O-01", "kb:O-02", "kb:O-03", "kb:O-04", "kb:O-05", "kb:O-41"),
)

_SAID = {
    "words": says(
        "rule.case.copy_differs.words",
        one='Two copies of one mail differ in one place: "{line}" in one, "{other}" in the other.',
        many='Two copies of one mail differ in {n} places, the first: "{line}" in one, "{other}" in the other.',
    ),
    "passage": says(
        "rule.case.copy_differs.passage",
        one='One of two copies of a mail has words that the other lacks, in one place: "{words}".',
        many='One of two copies of a mail has words that the other lacks, in {n} places; in the first: "{words}".',
    ),
    "other_id": says(
        "rule.case.copy_differs.other_id",
        one=(
            "{sender} sent two mails in the same second, with different Message-IDs, that differ in one place: "
            '"{line}" in one, "{other}" in the other.'
        ),
        many=(
            "{sender} sent two mails in the same second, with different Message-IDs, that differ in {n} places, the "
            'first: "{line}" in one, "{other}" in the other.'
        ),
    ),
}
_READERS_DIFFER = says("note.readers_differ", one="The two mails are addressed to different readers.")
_SEVERAL_PAIRS = says(
    "note.several_pairs",
    one="The sender has {pairs} such pairs here: a program sends nearly the same text several times at once.",
)

MOST = 3
"""Places at which copies differ; more are another version of the mail."""
MOST_PAIRS = 2
"""Pairs of one sender and second each, beyond which a program sends them."""
_WORDS = frozenset(("word", "number", "negation", "address", "inserted", "deleted", "two_words"))
"""Kinds of changes that no program makes; a typing error may be mended by whoever sends a mail again."""

ROWS_NEEDED = {"messages": 2}

QUERY = f"""
WITH {UNCUT},
found AS MATERIALIZED (
    SELECT c.*, a.item AS item, b.item AS other_item, a.location, b.location AS other_location
    FROM copies c JOIN flat.items a USING (sha256) JOIN flat.items b ON b.sha256 = c.other_sha256
    WHERE changed BETWEEN 1 AND {MOST}),
readers AS (
    SELECT item, list_sort(list(DISTINCT address)) AS readers FROM flat.parties
    WHERE field IN ('to', 'cc', 'delivered-to')
      AND item IN (SELECT item FROM found UNION SELECT other_item FROM found)
    GROUP BY item)
SELECT f.sha256, f.location, f.other_sha256, f.other_location, f."by", f.changes, m.sender,
       coalesce(x.readers, []) = coalesce(y.readers, []) AS same_readers
FROM found f JOIN flat.mails m USING (item) SEMI JOIN uncut USING (item)
SEMI JOIN uncut w ON w.item = f.other_item
LEFT JOIN readers x ON x.item = f.item LEFT JOIN readers y ON y.item = f.other_item
ORDER BY f.sha256, f.other_sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Two mails that differ in a few places."""

    sha256: str
    location: Location
    other_sha256: str
    other_location: Location
    by: str
    """``message_id`` or ``date``, as in table ``copies``."""
    changes: tuple[ChangeRow, ...]
    sender: str
    same_readers: bool
    """Whether To, Cc and Delivered-To name the same."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report pairs of which every difference is one that no program makes."""
    found = [(name, row) for row in rows if (name := _bin(row))]
    pairs = Counter([row.sender for name, row in found if name == "other_id"])
    for name, row in found:
        yield _observation(name, row, pairs[row.sender])


def _bin(row: Row) -> str:
    """Return the bin; empty where a difference is of another kind, or a text was rewritten."""
    if all(change.kind in _WORDS for change in row.changes):
        return "words" if row.by == "message_id" else "other_id"
    one_sided = all(change.kind in _WORDS or not (change.words and change.other_words) for change in row.changes)
    typed = any(change.kind == "typo" for change in row.changes)
    return "passage" if row.by == "message_id" and one_sided and not typed else ""


def _observation(name: str, row: Row, pairs: int) -> Observation:
    first = row.changes[0]
    values: dict[str, Value] = {}
    if name == "passage":
        longest = next(change for change in row.changes if not (change.words and change.other_words))
        values["words"] = (longest.words or longest.other_words)[:300]
    else:
        values |= {"line": first.line.value[:200], "other": first.other_line.value[:200]}
    if name == "other_id":
        values["sender"] = row.sender[:120]
    return Observation(
        sentence=_SAID[name](len(row.changes), **values),
        bin=name,
        evidence=tuple(_evidence(row)),
        suspect="body",
        subjects=(
            SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
            SubjectRef(role=Role.EITHER, sha256=row.other_sha256, location=row.other_location),
        ),
        benign=tuple(_causes(name, row, pairs)),
    )


def _causes(name: str, row: Row, pairs: int) -> Iterator[BenignState]:
    if name != "other_id":
        return
    if not row.same_readers:
        yield settled("form_letter", State.EXPLAINS, _READERS_DIFFER())
    if pairs > MOST_PAIRS:
        yield settled("several_notices", State.EXPLAINS, _SEVERAL_PAIRS(pairs=str(pairs)))


def _evidence(row: Row) -> Iterator[Evidence]:
    places = (row.sha256, row.location), (row.other_sha256, row.other_location)
    for change in row.changes:
        for line, place in zip((change.line, change.other_line), places, strict=True):
            yield cite_located("text", line, Role.EITHER, *place, value=line.value[:300])


def cases() -> Iterator[Case]:
    """Cases of one word, of a passage, and of what programs send."""

    def change(kind: str = "word", words: str = "seven", other: str = "nine") -> ChangeRow:
        lines = [located_row(f"We agreed on {said} crowns.", "part:1", start=400) for said in (words, other)]
        return ChangeRow(kind=kind, words=words, other_words=other, line=lines[0], other_line=lines[1])

    def row(changes: Sequence[ChangeRow], by: str = "message_id", *, same: bool = True, number: int = 0) -> Row:
        return Row(
            sha256=f"{number:064}",
            location=location(f"leak/{number}.eml"),
            other_sha256=f"{number + 1:064}",
            other_location=location(f"leak/{number + 1}.eml"),
            by=by,
            changes=tuple(changes),
            sender="anna@example.org",
            same_readers=same,
        )

    inserted = change("passage", "", "and they pay the rest by the end of the month")
    yield fires((row([change()]),), "one word under one Message-ID", bin="words")
    yield fires((row([change()] * MOST),), "three words", bin="words")
    yield fires((row([inserted]),), "a passage that one copy lacks", bin="passage")
    yield fires((row([change(), inserted]),), "a word and a passage", bin="passage")
    yield fires((row([change()], "date"),), "one second, two Message-IDs", bin="other_id")
    yield silent((row([change("typo")]),), "a typing error that was mended")
    yield silent((row([change(), change("typo")]),), "a word, and a typing error that was mended")
    yield silent((row([change("passage", "a b c d e", "f g h i j")]),), "a passage that was written anew")
    yield silent((row([inserted], "date"),), "a passage in one of two mails")
    yield explained((row([change()], "date", same=False),), "a letter to each reader", by="form_letter")
    notices = tuple([row([change("number")], "date", number=number) for number in range(0, 6, 2)])
    yield explained(notices, "three pairs of notices", by="several_notices")
    yield fires(notices[:MOST_PAIRS], "two pairs", bin="other_id", count=2)
