"""Explains a mail that is unlike its sender's others where its author's signature holds, and hardly any other's does.

Which of them are the sender's is what is asked: whoever plants enough mails under one name makes the single genuine
mail look foreign. The signature of the author's own domain decides that it is not.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import says

CAUSE = "others_unsigned"

_SAID = says(
    "note.others_unsigned",
    one=(
        "The signature of {signer}, the domain of From, holds for this mail; of the {others} other mails under that "
        "address it does for {held}. So these are the ones that may not be the sender's."
    ),
)
RULES = frozenset({"case.sender_profile"})
"""What holds a mail against its sender's others."""
ENOUGH = 8
"""Other mails by which the rule knows a sender: so many that are signed are theirs."""

QUERY = """
WITH asked AS (
    SELECT DISTINCT item FROM flat.items SEMI JOIN (
        SELECT sha256 FROM observations WHERE rule = 'case.sender_profile') USING (sha256)),
held AS MATERIALIZED (
    SELECT item, min("domain") AS signer FROM flat.judged
    WHERE kind = 'dkim' AND aligned AND header_holds AND body_holds AND len(limits) = 0 GROUP BY item)
SELECT sha256, own.signer, count(*) - 1 AS others, count(h.item) - 1 AS held
FROM asked JOIN held own USING (item) JOIN flat.items USING (item) JOIN flat.mails a USING (item)
JOIN flat.mails m ON m.sender = a.sender LEFT JOIN held h ON h.item = m.item
WHERE a.sender <> '' GROUP BY sha256, own.signer ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail whose author's signature holds, and its sender's others."""

    sha256: str
    signer: str
    others: int
    held: int
    """Others whose author's signature holds."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where too few of the others are signed to know the sender by them."""
    signed = {row.sha256: row for row in rows}
    for index, seen in enumerate(observations):
        row = signed.get(seen.subjects[0].sha256)
        if row is not None and seen.rule in RULES and row.held < ENOUGH and 2 * row.held < row.others:
            said = _SAID(signer=row.signer[:120], others=row.others, held=row.held)
            yield index, settled(CAUSE, State.EXPLAINS, said)


def cases() -> Iterator[Case]:
    """Cases of one signed mail among others of its sender."""
    unlike = (observation("case.sender_profile", bin="many"),)
    row = Row(sha256="0" * 64, signer="example.org", others=60, held=0)
    yield explained((row,), "sixty others, none of them signed", by=CAUSE, observations=unlike)
    few = msgspec.structs.replace(row, held=7)
    yield explained((few,), "seven signed ones are no profile", by=CAUSE, observations=unlike)
    yield silent((msgspec.structs.replace(row, held=8),), "eight others are signed", observations=unlike)
    yield silent((msgspec.structs.replace(row, others=9, held=5),), "most are signed", observations=unlike)
    yield silent((), "its own signature does not hold", observations=unlike)
    zone = (observation("case.sender_offset", bin="usual_one_fits"),)
    yield silent((row,), "another rule", observations=zone)
