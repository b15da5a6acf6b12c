"""Explains what a signature that holds covers: it has not been changed since it was signed.

A rule says what it accuses (`Rule.accuses`). All of it must lie inside what one signature covers, of every mail that
is accused: its header holds, nothing limits it, and where the body is accused the body holds too. The signature must be
the author's (its domain is From's), or anybody's where only a change of content is meant: a list or a provider signs
what it hands on, whoever wrote it. A Date is left alone where the signature names another day than it does, or none.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.rules import SIGNED_INTACT, BenignState, Context, Observation, Proposition, Role, State
from forensics.model.sentences import says

CAUSE = SIGNED_INTACT

_HOLDS = says(
    "note.signed_intact",
    one=(
        "The signature of {signer} holds, with a key {key}, and covers {parts}: these are as they were when it was "
        "signed."
    ),
)

_DAY = 86_400 * TICKS_PER_SECOND

QUERY = r"""
WITH accused AS (
    SELECT DISTINCT item FROM flat.items SEMI JOIN observations USING (sha256)),
holding AS MATERIALIZED (
    SELECT item, kind, index, "domain", aligned, coalesce(body_holds, false) AS body, key FROM flat.judged
    SEMI JOIN accused USING (item) WHERE kind <> 'as' AND "header" = 'holds' AND len(limits) = 0),
origins AS (SELECT key, min(obtained) AS obtained FROM keys GROUP BY key)
SELECT i.sha256, h."domain", h.aligned, h.body, s.signed_fields, obtained,
       CASE WHEN s."time" IS NOT NULL AND m.instant IS NOT NULL THEN m.instant - s."time" * 10000000 END AS apart
FROM holding h JOIN flat.items i USING (item) JOIN flat.mails m USING (item) JOIN origins USING (key)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = h.kind AND s.index = h.index
ORDER BY i.item, h.aligned DESC, h.kind DESC, h.index
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One signature that holds and that nothing limits, of an accused mail."""

    sha256: str
    domain: str
    aligned: bool
    """Whether it is the author's: its domain is From's, or of the same organization."""
    body: bool
    """Whether the body holds too."""
    signed_fields: list[str]
    obtained: str
    """How its key was come by."""
    apart: int | None
    """Date less the time of signing, 100 ns; ``None`` where either is absent."""


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Explain what lies wholly inside what is signed."""
    from forensics.checks import load

    signed: dict[str, list[Row]] = {}
    for row in rows:
        signed.setdefault(row.sha256, []).append(row)
    for at, seen in enumerate(observations):
        rule = load(seen.rule).RULE
        accused = {one.sha256 for one in seen.subjects if one.role is not Role.WITNESS}
        found = [_covering(signed.get(item, ()), rule.accuses, rule.proposition) for item in accused]
        if found and None not in found:
            first = min([row for row in found if row is not None], key=lambda row: row.sha256)
            parts = ", ".join(rule.accuses)
            key = "recovered from this archive" if first.obtained == "recovered" else "from a file"
            yield at, settled(CAUSE, State.EXPLAINS, _HOLDS(signer=first.domain[:120], key=key, parts=parts))


def _covering(rows: Sequence[Row], parts: Sequence[str], meant: Proposition) -> Row | None:
    """Return the first signature that covers all parts, and is of one who can answer for them."""
    for row in rows:
        covered = {*row.signed_fields, "body"} if row.body else set(row.signed_fields)
        if "date" in parts and (row.apart is None or abs(row.apart) > _DAY):
            continue
        if covered.issuperset(parts) and (row.aligned or meant is Proposition.ALTERED_CONTENT):
            return row
    return None


def _row(**changed: object) -> Row:
    row = Row(
        sha256="0" * 64,
        domain="example.org",
        aligned=True,
        body=True,
        signed_fields=["from", "date", "subject", "message-id"],
        obtained="file",
        apart=0,
    )
    return msgspec.structs.replace(row, **changed)


def cases() -> Iterator[Case]:
    """Cases of what a signature covers and what it does not."""
    dated = (observation(rule="mail.date_weekday"),)
    sized = (observation(rule="mail.attachment_size"),)
    yield explained((_row(),), "the Date is signed", by=CAUSE, observations=dated)
    yield explained((_row(aligned=False),), "a list signed the body that is accused", by=CAUSE, observations=sized)
    yield silent((_row(aligned=False),), "a provider signs any Date", observations=dated)
    yield silent((_row(apart=None),), "no time of signing stands beside the Date", observations=dated)
    yield silent((_row(apart=40 * _DAY),), "it was signed another day than Date says", observations=dated)
    yield silent((_row(signed_fields=["from"]),), "the Date is not signed", observations=dated)
    yield silent((_row(body=False),), "the body does not hold", observations=sized)
    yield silent((), "it is not signed", observations=dated)
