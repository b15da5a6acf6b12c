"""The name beside the sender's address is another correspondent's, though the address always had its own."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
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

RULE = Rule(
    id="case.name_of_another",
    version=3,
    title="One correspondent's name with another's address",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM,
    bins=(Bin("known_address"), Bin("new_address", ceiling=Strength.CONTEXT)),
    group="identity",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("same_name", "private_address", "on_behalf", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:I-01", "kb:O-21", "kb:O-40"),
)

_SAID = {
    "known_address": says(
        "rule.case.name_of_another.known_address",
        one="From says {name}, the name of {owner} ({owned} mails); {address} has {n} mails under another name.",
    ),
    "new_address": says(
        "rule.case.name_of_another.new_address",
        one=(
            "From says {name}, the name of {owner} ({owned} mails), at {address}, an address and domain new to "
            "this archive."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

# Names of two words and more, as letters only: order, case, points and what stands in brackets do not count. A list
# that puts itself into From has the names of its authors.
QUERY = r"""
WITH words AS (
    SELECT "name" AS shown, array_to_string(list_sort(regexp_extract_all(lower(strip_accents(
               regexp_replace("name", '\(.*?\)|\[.*?\]|@.*|\bvia\b.*', '', 'g'))), '[\w]{2,}')), ' ') AS name
    FROM (SELECT DISTINCT "name" FROM flat.parties WHERE field = 'from')),
named AS MATERIALIZED (
    SELECT item, place, address, "domain", words.shown, words.name
    FROM flat.parties p JOIN words ON words.shown = p."name" JOIN flat.mails m USING (item)
    WHERE field = 'from' AND address <> '' AND replace(address, '@', '.') <> lower(coalesce(list_id, ''))),
uses AS MATERIALIZED (
    SELECT address, name, count(DISTINCT item) AS n FROM named WHERE name LIKE '% %' GROUP BY ALL),
owners AS (
    SELECT name, arg_max(address, n) AS owner, max(n) AS n FROM uses GROUP BY name HAVING max(n) >= 5),
own AS (SELECT address, arg_max(name, n) AS own, max(n) AS n, sum(n) AS mails FROM uses GROUP BY address),
domains AS (SELECT "domain", count(DISTINCT item) AS n FROM named GROUP BY ALL),
odd AS MATERIALIZED (
    SELECT item, place, n.address, n.shown, owner, o.n AS owned, own, w.n AS own_n, d.n AS domain_n
    FROM named n JOIN uses u USING (address, name) JOIN owners o USING (name) JOIN own w USING (address)
    JOIN domains d USING ("domain")
    WHERE owner <> n.address AND u.n <= 2 AND ((own <> n.name AND w.n >= 5) OR (w.mails <= 2 AND d.n <= 2)))
SELECT sha256, o.address, o.shown, written, owner, owned, own, own_n, domain_n, location
FROM odd o JOIN flat.items USING (item) JOIN flat.parties p USING (item, place)
WHERE field = 'from' AND p.shown IS NOT NULL
ORDER BY sha256, o.address
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail whose From has a name that five mails and more of another address have."""

    sha256: str
    address: str
    shown: str
    written: LocatedRow
    owner: str
    owned: int
    """Mails of the owner under that name."""
    own: str
    own_n: int
    """Name that the address has most often, its words sorted, and how often."""
    domain_n: int
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report names that are not the address's own and share no word with it.

    Outlook calls itself the sender of the mail with which it tests an account, Exchange of its reports.
    """
    for row in rows:
        name = row.shown.casefold()
        if name.strip(" '\"") in _PROGRAMS:
            continue
        known = row.own_n >= LEAST
        if not known or not any(word in name for word in row.own.split()):
            yield _observation(row, "known_address" if known else "new_address")


LEAST = 5
_PROGRAMS = frozenset(("microsoft outlook", "microsoft exchange", "microsoft office outlook"))


def _observation(row: Row, name: str) -> Observation:
    values = {"name": row.shown[:100], "address": row.address, "owner": row.owner, "owned": str(row.owned)}
    values |= {"n": str(row.own_n)}
    shown = f"{row.shown} <{row.address}>"
    cited = cite_located("From", row.written, Role.SUSPECT, row.sha256, row.location, value=shown)
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=(cited,),
        suspect="header:From[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counts(RULE, "mails with that name from its owner", {"address": row.owner}, n=row.owned),),
    )


def _row(own: str, own_n: int) -> Row:
    return Row(
        sha256="0" * 64,
        address="eva@example.net",
        shown="Anna Berg",
        written=located_row("eva@example.net", "header:From[0]", raw=b"Anna Berg <eva@example.net>", start=6),
        owner="anna@example.org",
        owned=40,
        own=own,
        own_n=own_n,
        domain_n=own_n,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of a known address and of a new one."""
    yield fires((_row("eva stein", 12),), "an address that always had another name", bin="known_address")
    yield fires((_row("anna berg", 1),), "a new address under a known name", bin="new_address")
    tested = msgspec.structs.replace(_row("eva stein", 12), shown="Microsoft Outlook")
    yield silent((tested,), "Outlook's test of an account")
    yield silent((_row("anna stein", 12),), "one word of the name is the address's own")
