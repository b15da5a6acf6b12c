"""Explains a mail as the owner's own: its sender is whom the archive's mails were delivered to.

What the owner sent does not come the way of mails to them: a sent copy has no stamp, or that of their provider's
server for sending.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, observation, silent
from forensics.knowledge.suffixes import organization
from forensics.model.rules import BenignState, Context, Observation, State
from forensics.model.sentences import Value, says

CAUSE = "own_copy"

_OWNERS_OWN = says(
    "note.owners_own",
    one=(
        "The mail is from {sender}, and {k} of {n} mails in this archive were delivered or addressed to {owner}: "
        "the owner's own mails do not come by the route of other people's mails to them."
    ),
)

# Servers name the reader; only where they name none, the addresses that half of the mails are written to.
QUERY = r"""
WITH mails AS (SELECT count(*) AS n FROM flat.mails),
named AS (
    SELECT address FROM (
        SELECT address FROM flat.parties WHERE field = 'delivered-to'
        UNION ALL SELECT reader FROM flat.hops WHERE reader IS NOT NULL)
    GROUP BY address HAVING count(*) >= 0.2 * (SELECT n FROM mails)),
served AS MATERIALIZED (
    SELECT address, count(*) AS k FROM (
        SELECT item, address FROM flat.parties SEMI JOIN named USING (address) WHERE field = 'delivered-to'
        UNION SELECT item, arg_min(reader, place) FROM flat.hops WHERE reader IS NOT NULL GROUP BY item)
    GROUP BY address HAVING count(*) >= 0.2 * (SELECT n FROM mails)),
written AS (
    SELECT address FROM flat.parties
    WHERE field IN ('to', 'cc') AND address <> '' AND NOT EXISTS (FROM served)
    GROUP BY address HAVING count(*) >= 0.5 * (SELECT n FROM mails)),
owners AS (
    FROM served UNION SELECT address, count(DISTINCT item) FROM flat.parties SEMI JOIN written USING (address)
    WHERE field IN ('to', 'cc') GROUP BY address HAVING count(DISTINCT item) >= 0.5 * (SELECT n FROM mails))
SELECT address AS owner, k, n FROM owners, mails ORDER BY k DESC, owner
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One address that many of the archive's mails came to."""

    owner: str
    """A fifth of the archive's mails was delivered to it, or half of them are written to it."""
    k: int
    n: int


def explain(
    rows: Iterable[Row], observations: Sequence[Observation], context: Context
) -> Iterator[tuple[int, BenignState]]:
    """Settle the cause where the sender's address, or another of that person and organization, is an owner's."""
    owners = {_person(row.owner): row for row in reversed(list(rows))}
    for index, seen in enumerate(observations):
        if seen.rule == "case.delivery_path" and (sender := seen.keys["sender"]):
            own = owners.get(_person(sender))
            if own is not None:
                values: dict[str, Value] = {"sender": sender[:200], "owner": own.owner[:200], "k": own.k, "n": own.n}
                yield index, settled(CAUSE, State.EXPLAINS, _OWNERS_OWN(**values))


def _person(address: str) -> tuple[str, str]:
    """Return what the addresses of one person at one organization have in common."""
    local, _, domain = address.rpartition("@")
    return local.partition("+")[0], organization(domain)


def cases() -> Iterator[Case]:
    """Cases of senders."""

    def sent(sender: str, rule: str = "case.delivery_path") -> tuple[Observation, ...]:
        return (observation(rule, bin="no_trace", keys={"sender": sender}),)

    rows = (Row(owner="bob@example.net", k=190, n=200),)
    yield explained(rows, "the owner", by=CAUSE, observations=sent("bob@example.net"))
    yield explained(
        rows, "the owner at a host of their organization", by=CAUSE, observations=sent("bob+x@mail.example.net")
    )
    yield silent(rows, "somebody else of the organization", observations=sent("anna@example.net"))
    yield silent(rows, "a namesake elsewhere", observations=sent("bob@other.example"))
    yield silent(rows, "nobody", observations=sent(""))
    yield silent(rows, "an observation of another rule", observations=sent("bob@example.net", "mail.trace_reversal"))
