"""What the archive knows of signed mails of one signer and one route, of which nothing holds any more."""

from collections.abc import Iterator

import msgspec

from forensics.checks._facts import cite_located
from forensics.model.locations import Location
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import ResultRow
from forensics.model.rules import Evidence, Role
from forensics.model.sentences import Sentence, Value, says

_FAILED_ON_ARRIVAL = says(
    "note.failed_on_arrival",
    one="{server} recorded {result} for the signature: the mail already failed when that server had it.",
)
_PASSED_ON_ARRIVAL = says("note.passed_on_arrival", one="{server} recorded that the signature passed.")

_HELD = says("rule.signed.held", one="{k} (of these {mended} once what servers did to them is undone)")

LEAST, SHARE, MOST = 5, 0.8, 1
"""Mails that tell a habit, of the twenty nearest in time; the share of them that must agree, so low that those which
one hand changed do not hide it; and how many may not where the way is known to leave them alone."""


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of which no signature holds, and the signer whose other mails hold best."""

    sha256: str
    kind: str
    domain: str
    index: int
    n: int
    """Nearest mails of the same signer on the same route, twenty at most."""
    k: int
    """Of them, those of which what this signer signed holds."""
    bare_k: int
    """Of these, those that hold as they stand, with nothing undone."""
    form_n: int
    """Nearest signed mails of the same form on the same route."""
    form_k: int
    route: str
    hosts: list[str]
    tests: list[ResultRow]
    """What servers wrote of its signatures, topmost first."""
    domains: list[str]
    location: Location


def habit_query(holds: str, steps: str, form: str, more: str, tables: str = "") -> str:
    """Return the query of mails of which nothing holds, beside the mails nearest to them that were signed alike.

    A list is a route, else the organization of the newest server. An ``l=`` of 0 signs nothing, one that exceeds the
    body does not hold; seals sign neither header nor body.

    Args:
        holds: column of ``flat.judged``: whether what is asked of a signature holds.
        steps: column of it: what was undone so that it does.
        form: expression over ``flat.mails`` of what decides how servers treat such a mail.
        more: columns of the row beside those of `Habit`, over ``messages`` m, ``signatures`` j and *tables*.
        tables: joins of further tables.
    """
    return rf"""
WITH judged AS MATERIALIZED (
    SELECT item, kind, "domain", index, {holds} AS holds, {holds} AND {steps} IS NULL AS bare FROM flat.judged
    WHERE {holds} IS NOT NULL AND kind <> 'as'),
broken AS MATERIALIZED (
    SELECT item FROM judged GROUP BY item HAVING NOT bool_or(holds)
    INTERSECT SELECT item FROM flat.items WHERE sha256 IN (SELECT sha256 FROM contents WHERE status = 'parsed')),
mails AS MATERIALIZED (
    SELECT item, coalesce(arrived, m.instant, 0) AS stood, {form} AS form,
           CASE WHEN list_id <> '' THEN list_id WHEN contains(host, ':') THEN ''
                ELSE coalesce(organization, '') END AS route
    FROM flat.mails m LEFT JOIN (SELECT item, host FROM flat.hops WHERE place = 1) USING (item)
    LEFT JOIN flat.organizations ON "name" = host WHERE (mask & 268435456) > 0),
signed AS MATERIALIZED (
    SELECT item, route, form, stood, kind, "domain", holds, bare, index FROM judged JOIN mails USING (item)),
signers AS (
    SELECT item, kind, "domain", index, count(*) OVER near AS n, count(*) FILTER (holds) OVER near AS k,
           count(*) FILTER (bare) OVER near AS bare_k
    FROM (SELECT item, route, stood, kind, "domain", bool_or(holds) AS holds, bool_or(bare) AS bare,
                 min(index) AS index
          FROM signed SEMI JOIN (SELECT DISTINCT route, kind, "domain" FROM signed SEMI JOIN broken USING (item))
              USING (route, kind, "domain") GROUP BY ALL)
    WINDOW near AS (PARTITION BY route, kind, "domain" ORDER BY stood, item
                    ROWS BETWEEN 10 PRECEDING AND 10 FOLLOWING EXCLUDE CURRENT ROW)),
forms AS (
    SELECT item, count(*) OVER near AS form_n, count(*) FILTER (holds) OVER near AS form_k
    FROM (SELECT item, route, form, stood, bool_or(holds) AS holds
          FROM signed SEMI JOIN (SELECT DISTINCT route, form FROM signed SEMI JOIN broken USING (item))
              USING (route, form) GROUP BY ALL)
    WINDOW near AS (PARTITION BY route, form ORDER BY stood, item
                    ROWS BETWEEN 10 PRECEDING AND 10 FOLLOWING EXCLUDE CURRENT ROW)),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (item) * FROM signers SEMI JOIN broken USING (item)
    WHERE n >= 5 ORDER BY item, k / n DESC, kind DESC, index, "domain"),
traces AS (
    SELECT item, list("by" ORDER BY place) AS hosts FROM flat.hops SEMI JOIN chosen USING (item) GROUP BY item),
owners AS (
    SELECT item, list(DISTINCT "domain" ORDER BY "domain") AS domains FROM judged SEMI JOIN chosen USING (item)
    GROUP BY item)
SELECT i.sha256, c.kind, c."domain", c.index, c.n, c.k, c.bare_k, form_n, form_k, s.route, coalesce(hosts, []) AS hosts,
       [r FOR r IN m.results IF r.method = 'dkim' AND r.instance IS NULL] AS tests, domains, location, {more}
FROM chosen c JOIN mails s USING (item) JOIN forms USING (item) JOIN owners USING (item) LEFT JOIN traces USING (item)
JOIN flat.items i USING (item) JOIN messages m USING (sha256)
JOIN signatures j ON j.sha256 = i.sha256 AND j.kind = c.kind AND j.index = c.index {tables}
WHERE form_n >= 5 ORDER BY c.item
"""


def held(row: Habit) -> Value:
    """Return how many of the nearest mails hold, and how many of these not as they stand."""
    mended = row.k - row.bare_k
    return _HELD(k=str(row.k), mended=str(mended)) if mended else str(row.k)


def bin_of(row: Habit, test: ResultRow | None) -> str:
    """Return in what company a signature fails: on a route that leaves mails alone, or one that is undone first.

    Args:
        row: what the others of the route show.
        test: what the first server that could say so wrote of it.
    """
    if 2 * row.bare_k < row.k:
        return "mended_route"
    if test is not None:
        return "passed" if test.result == "pass" else "failed"
    return "untold" if max(row.n - row.k, row.form_n - row.form_k) <= MOST else "untold_some"


def arrived_broken(test: ResultRow | None) -> Sentence | None:
    """Return what the first server that tested the signature wrote, if it already failed there."""
    if test is None or test.result == "pass":
        return None
    return _FAILED_ON_ARRIVAL(server=test.server or "a server", result=test.result)


def arrived_whole(test: ResultRow | None) -> Sentence | None:
    """Return what the first server that tested the signature wrote, if it passed there."""
    return None if test is None or test.result != "pass" else _PASSED_ON_ARRIVAL(server=test.server or "a server")


def quoted(row: Habit, label: str, written: LocatedRow, test: ResultRow | None) -> Iterator[Evidence]:
    """Quote what the signature states, and what a server wrote of it."""
    place = (Role.WITNESS, row.sha256, row.location)
    if written.start is not None:
        yield cite_located(label, written, *place)
    stated = next((one for one in row.tests if one.written is not None), None)
    if test is not None and stated is not None and stated.written is not None:
        path, said = f"header:Authentication-Results[{stated.index}]", f"{test.server}; dkim={test.result}"
        yield cite_located("Authentication-Results", stated.written, *place, value=said, path=path)
