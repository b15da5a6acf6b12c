"""Explains by a converter or list server that rewrote whole routes: many mails of one host or list show the same."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import Value, says

CAUSE = "route_rewritten"

_GROUP_REWRITTEN = says(
    "note.group_rewritten",
    one="{k} of {n} other mails of {group} show the same: one machine rewrites their routes.",
)
_GROUP_CLEAN = says("note.group_clean", one="Of {n} other mails of {group}, {k} show the same.")

LEAST_HITS, LEAST_MAILS, LEAST_SHARE = 5, 20, 0.2

QUERY = """
WITH groups AS (
    SELECT item, 'host' AS kind, host AS value FROM flat.hops WHERE place = 1 AND host <> ''
    UNION ALL SELECT item, 'list', list_id FROM flat.mails WHERE list_id <> ''),
hits AS MATERIALIZED (
    SELECT DISTINCT sha256, item, rule, bin FROM observations JOIN flat.items USING (sha256)
    WHERE rule IN ('mail.trace_reversal', 'mail.date_after_first_trace')),
grouped AS MATERIALIZED (SELECT * FROM hits JOIN groups USING (item)),
sizes AS (SELECT kind, value, count(*) AS n FROM groups GROUP BY ALL),
counts AS (SELECT kind, value, rule, bin, count(*) AS k FROM grouped GROUP BY ALL)
SELECT sha256, rule, bin, kind, value, c.k - 1 AS k, s.n - 1 AS n
FROM grouped JOIN counts c USING (kind, value, rule, bin) JOIN sizes s USING (kind, value)
ORDER BY sha256, rule, bin, kind, value
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One observed mail and one group it belongs to; counts leave the mail itself out."""

    sha256: str
    rule: str
    bin: str
    kind: str
    """``host`` that received it last, or ``list``."""
    value: str
    k: int
    n: int


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where a fifth of a group of twenty or more shows the same bin of the same rule."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.sha256, row.rule, row.bin), []).append(row)
    for index, seen in enumerate(observations):
        found = groups.get((seen.subjects[0].sha256, seen.rule, seen.bin), [])
        large = [row for row in found if row.n >= LEAST_MAILS]
        if not large:
            continue
        best = max(large, key=lambda row: (row.k / row.n, row.kind, row.value))
        values: dict[str, Value] = {"k": best.k, "n": best.n, "group": best.value}
        if best.k >= LEAST_HITS and best.k / best.n >= LEAST_SHARE:
            yield index, settled(CAUSE, State.EXPLAINS, _GROUP_REWRITTEN(**values))
        else:
            yield index, settled(CAUSE, State.EXCLUDED, _GROUP_CLEAN(**values))


def _row(k: int, n: int, kind: str = "host") -> Row:
    return Row(
        sha256="0" * 64,
        rule="mail.trace_reversal",
        bin="back>5min",
        kind=kind,
        value=f"{kind}.example",
        k=k,
        n=n,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    seen = (observation(),)
    yield explained((_row(40, 100), _row(1, 9, "list")), "two fifths of a host's mails", by=CAUSE, observations=seen)
    yield explained((_row(2, 900), _row(20, 60, "list")), "a third of a list's mails", by=CAUSE, observations=seen)
    yield silent((_row(4, 19),), "too few mails to tell", observations=seen)
    yield silent((_row(4, 1000),), "a few among a thousand", observations=seen)
    yield silent((), "a mail without a receiving host or list", observations=seen)
