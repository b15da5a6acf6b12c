"""What is known of an item's time and route, to choose the reference corpora it is compared with."""

from collections.abc import Iterable, Mapping
from sys import intern

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.presence.message import KEPT_BY_STORE, MessageHas
from forensics.model.rules import Rule
from forensics.stages.observed import Rows

ERA_BORDER = 1_262_304_000 * TICKS_PER_SECOND
"""2010-01-01 UTC."""

_STORES_OWN = int(MessageHas.STORED | MessageHas.STORED_TIMES | MessageHas.MODIFIER)
"""What only stores say."""
OF_LISTS: Mapping[str, int] = {"list": int(MessageHas.LIST)}
"""Parameter ``$list`` of queries: the bit of mails whose own fields name a list."""
_ROUTE = """
       CASE WHEN bool_or((mask & $list) != 0) THEN 'list' WHEN bool_or(len(hops) > 0) THEN 'direct' ELSE 'exported' END
"""
MESSAGES = f"""
SELECT sha256, min(arrived) AS arrived, min(coalesce("date".instant, "date".wall)) AS claimed,
       {_ROUTE} AS route, bool_or((mask & {KEPT_BY_STORE}) != 0) AS stored,
       coalesce(bool_or(len(hops) > 0), false) AS stamped
FROM messages WHERE sha256 IN (SELECT unnest($items)) GROUP BY sha256 ORDER BY sha256
"""

ROUTES = f"""
SELECT route, count(*) AS n FROM (SELECT {_ROUTE} AS route FROM messages GROUP BY sha256) GROUP BY route ORDER BY route
"""

DOCUMENTS = """
SELECT sha256, CAST(NULL AS BIGINT) AS arrived,
       min(coalesce(modified.instant, modified.wall, created.instant, created.wall)) AS claimed, '' AS route,
       false AS stored, false AS stamped
FROM documents WHERE sha256 IN (SELECT unnest($items)) GROUP BY sha256 ORDER BY sha256
"""

CARRIED = """
SELECT occurrences.sha256 AS sha256, min(messages.arrived) AS arrived, CAST(NULL AS BIGINT) AS claimed, '' AS route,
       false AS stored, false AS stamped
FROM occurrences JOIN messages ON messages.sha256 = occurrences.message_sha256
WHERE occurrences.sha256 IN (SELECT unnest($items)) GROUP BY occurrences.sha256 ORDER BY occurrences.sha256
"""


class OriginRow(msgspec.Struct, frozen=True):
    """What the queries of this module give for one item."""

    sha256: str
    arrived: int | None
    claimed: int | None
    route: str
    stored: bool
    stamped: bool


class _RouteRow(msgspec.Struct, frozen=True):
    route: str
    n: int


class Origin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Time and route of one item."""

    arrived: int | None = None
    """Server time: its own newest trace field, else that of the first mail that carries it."""
    era: str = ""
    """``before2010`` or ``from2010``; empty if nothing dates it."""
    route: str = ""
    """Of a mail: ``list`` where its own fields name one, ``direct`` where a server wrote a trace, ``exported`` where
    none did (an export, a conversion, the sender's own copy); empty for all else."""
    stored: bool = False
    """Whether a store keeps it as properties."""
    stamped: bool = False
    """Whether its header has a server's trace field."""

    def as_counted(self, rule: Rule) -> bool:
        """Whether a rule's rates, counted on mail as it was sent, hold for it.

        A store makes texts, parts and often the header anew, and too few stored mails are at hand to count on. Clocks
        and servers' fields stand in a header as it was delivered, which a server's field shows. Rules on what only
        stores say are counted on stored mail.
        """
        return not self.stored or (rule.as_delivered and self.stamped) or bool(rule.needs & _STORES_OWN)


UNKNOWN = Origin()


def origins(rows: Rows, items: Iterable[str]) -> Mapping[str, Origin]:
    """Return time and route of items by digest; an item that no table knows is left out."""
    wanted = sorted(set(map(intern, items)))
    if not wanted:
        return {}
    carried = {row.sha256: row.arrived for row in rows(CARRIED, {"items": wanted}, OriginRow)}
    found = {intern(sha256): Origin(arrived=arrived, era=_era(arrived)) for sha256, arrived in carried.items()}
    for row in rows(DOCUMENTS, {"items": wanted}, OriginRow):
        arrived = carried.get(row.sha256)
        # Reference counts of documents are kept by their own modified time.
        found[row.sha256] = Origin(arrived=arrived, era=_era(row.claimed if row.claimed is not None else arrived))
    for row in rows(MESSAGES, {"items": wanted, **OF_LISTS}, OriginRow):
        arrived = row.arrived if row.arrived is not None else carried.get(row.sha256)
        era = _era(arrived if arrived is not None else row.claimed)
        found[intern(row.sha256)] = Origin(
            arrived=arrived, era=era, route=intern(row.route), stored=row.stored, stamped=row.stamped
        )
    return found


def routes(rows: Rows) -> dict[str, int]:
    """Return how many mails came which way."""
    return {row.route: row.n for row in rows(ROUTES, OF_LISTS, _RouteRow)}


def _era(instant: int | None) -> str:
    if instant is None:
        return ""
    return "before2010" if instant < ERA_BORDER else "from2010"
