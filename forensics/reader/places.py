"""Places of a case by number, so that DuckDB sorts numbers and no texts; what is said of each lies in a spool."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType

import msgspec

from forensics.casestore import Queries
from forensics.casestore.spool import Spool
from forensics.model.codec import encode
from forensics.model.locations import Location

_KNOWN = 4096
"""Places that are not decoded again: what stands at one is mostly asked for together."""
AT = "('0x' || sha256(location)[:32])::UHUGEINT"
"""What stands for a location."""
CONTENT = "CASE WHEN sha256 <> '' THEN md5_number(sha256) END"
"""What stands for a digest; nothing for that of an item that was not read."""
_NUMBERED = f"""
SELECT {AT} AS stand, {CONTENT} AS content, row_number() OVER (ORDER BY {{order}}, sha256, location) AS place,
       dense_rank() OVER (ORDER BY {{order}}) AS text
FROM occurrences {{where}}
"""
_PLACES = "SELECT sha256, location, name FROM occurrences {where} ORDER BY {order}, sha256, location"
FIRST_PLACE = (
    "SELECT content, min(place) AS place, min(text) AS text FROM {table} WHERE content IS NOT NULL GROUP BY content"
)
"""The first place of each content."""


class _Place(msgspec.Struct, frozen=True):
    sha256: str
    location: str
    name: str


class Places:
    """Places in an order, numbered from 1 on; made by `numbered`.

    Attributes:
        table: name of their table; it has ``stand`` and ``content``, see `AT` and `CONTENT`, ``place``, the number, and
            ``text``, one number for all places that are alike in their order.
    """

    def __init__(self, table: str, spool: Spool) -> None:
        self.table = table
        self._spool = spool
        self.get = lru_cache(_KNOWN)(self._get)

    def _get(self, number: int) -> tuple[str, Location, str]:
        """Return digest, location and name of the item at a place."""
        place = msgspec.json.decode(self._spool[number], type=_Place)
        return place.sha256, msgspec.json.decode(place.location, type=Location), place.name


@contextmanager
def numbered(
    queries: Queries, order: str, where: str = "", given: Mapping[str, object] = MappingProxyType({})
) -> Iterator[Places]:
    """Yield the places of a case by number; they end with the ``with`` block.

    Args:
        queries: the case.
        order: columns of ``occurrences`` that they are ordered by.
        where: ``WHERE`` clause that chooses them; empty: all.
        given: values of its parameters.
    """
    rows = queries.rows(_PLACES.format(order=order, where=where), given, _Place)
    with (
        queries.kept(_NUMBERED.format(order=order, where=where), given) as table,
        queries.spool(map(encode, rows)) as spool,
    ):
        yield Places(table, spool)
