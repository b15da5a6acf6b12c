"""Items read back from a case's tables: each place in a line, or some items with all their facts."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from forensics.casestore import Queries
from forensics.errors import UsageError
from forensics.knowledge.terms import STATUSES
from forensics.knowledge.wording import Wording
from forensics.model.items import Notice, Status
from forensics.model.lines import ItemLine, Place
from forensics.model.locations import Location
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.counterparts import CounterpartRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.signer_verdicts import SignerVerdictRow
from forensics.model.rows.verdicts import VerdictRow
from forensics.model.rules import Subject
from forensics.model.summary import ItemFacts
from forensics.reader.item_facts import facts_of_rows, notice_of
from forensics.reader.lines import Lines
from forensics.stages import labelling
from forensics.stages.power import power_of

TABLES = ("occurrences", "notices", "messages", "documents", "archives", "verdicts", "signer_verdicts", "counterparts")
"""What `read_items` reads."""
_CHOSEN = """($status = '' OR status = $status)
    AND ($type = '' OR $type IN (media_type, split_part(media_type, '/', 2)[:14], split_part(parser, '/', 1)))
    {only}"""
"""A type is given as tables print it, too."""
_ONLY = "AND location IN (SELECT location FROM {chosen})"
_COUNT = f"SELECT count(*) AS n FROM occurrences WHERE {_CHOSEN} ORDER BY n"
_LINES = f"""
WITH page AS (
    SELECT sha256, size, media_type, source, location, location_text, name, message_sha256, status, parser, mask
    FROM occurrences WHERE {_CHOSEN} ORDER BY source, location_text LIMIT {{most}})
SELECT p.sha256, p.size, p.media_type, p.location, p.name, p.message_sha256, p.status, p.parser,
       p.mask AS occurrence, m.mask AS message,
       d.mask AS document, a.mask AS archive, n.code, n."text", n.start, n."end", n.unread
FROM page p LEFT JOIN notices n USING (location) LEFT JOIN message_masks m ON m.sha256 = p.sha256
LEFT JOIN document_masks d ON d.sha256 = p.sha256 LEFT JOIN archives a ON a.sha256 = p.sha256
ORDER BY p.source, p.location_text, p.location, n.code, n."text", n.start
"""
"""A row for each notice of a place; one where it has none."""


class _Line(msgspec.Struct, frozen=True):
    sha256: str
    size: int
    media_type: str
    location: str
    name: str
    message_sha256: str
    status: str
    parser: str
    occurrence: int
    message: int | None
    document: int | None
    archive: int | None
    code: str | None
    text: str | None
    start: int | None
    end: int | None
    unread: int | None

    @property
    def notice(self) -> Notice | None:
        """The notice of the row, if it has one."""
        if self.code is None or self.text is None or self.unread is None:
            return None
        return notice_of(self.code, self.text, self.start, self.end, self.unread)

    @property
    def power(self) -> list[str]:
        """The rules that had what they need."""
        masks = {
            Subject.OCCURRENCE: self.occurrence,
            Subject.MESSAGE: self.message,
            Subject.DOCUMENT: self.document,
            Subject.ARCHIVE: self.archive,
        }
        return sorted(
            [rule for subject, mask in masks.items() if mask is not None for rule in power_of(mask, subject)[0]]
        )


class _Count(msgspec.Struct, frozen=True):
    n: int


def known_status(status: str) -> str:
    """Return a state of items, or the empty text.

    Args:
        status: a state, or its words as tables print them.

    Raises:
        UsageError: there is no such state.
    """
    say = Wording("en")
    printed = {say.say(STATUSES[one]): one for one in Status}
    found = printed.get(status.lower(), status.lower())
    if found and found not in set(Status):
        words = ", ".join([f"{one} ({said})" if one != said else one for said, one in printed.items()])
        raise UsageError(f"no status {status!r}; it is one of {words}")
    return found


def item_lines(
    queries: Queries, *, status: str = "", media_type: str = "", chosen: str = ""
) -> Lines[tuple[ItemLine, labelling.Place]]:
    """Return every occurrence with its place, in the order of locations.

    Args:
        queries: the case.
        status: only this state; empty: all.
        media_type: only this type; empty: all.
        chosen: table of the places that are wanted, as `forensics.reader.selecting.Selected` makes it; empty: all.
    """
    given = {"status": status, "type": media_type.lower()}
    only = _ONLY.format(chosen=chosen) if chosen else ""

    def read(most: int | None) -> Iterator[tuple[ItemLine, labelling.Place]]:
        rows = queries.rows(_LINES.format(most="ALL" if most is None else int(most), only=only), given, _Line)
        for _, alike in groupby(rows, key=lambda row: row.location):
            here = list(alike)
            place = labelling.Place(here[0].sha256, here[0].location, here[0].name, here[0].message_sha256)
            yield _item_line(here), place

    return Lines(read, lambda: sum(row.n for row in queries.rows(_COUNT.format(only=only), given, _Count)))


def _item_line(rows: Sequence[_Line]) -> ItemLine:
    """Return the line of a place, whose rows differ in their notices."""
    row = rows[0]
    return ItemLine(
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        location=Place.of(msgspec.json.decode(row.location, type=Location)),
        status=row.status,
        parser=row.parser,
        notices=tuple([notice for one in rows if (notice := one.notice) is not None]),
        power=tuple(row.power),
    )


def read_items(queries: Queries, digests: Iterable[str]) -> tuple[ItemFacts, ...]:
    """Return what the case knows of some contents, as `facts_of_rows` does; what is not in the case is left out."""
    wanted = sorted(set(digests))
    given = {"digest": wanted[0] if wanted else "", "digests": wanted}
    # One alone is found by the index, where the tables are held in memory; several, by a join, pass by what has none.
    which = "sha256 = $digest" if len(wanted) == 1 else "sha256 IN (SELECT unnest($digests::VARCHAR[]))"
    where = f"WHERE {which} ORDER BY sha256"
    tables: dict[str, list[msgspec.Struct]] = {
        "occurrences": list(queries.rows(f"SELECT * FROM occurrences {where}, location_text", given, OccurrenceRow)),
        "notices": list(queries.rows(f"SELECT * FROM notices {where}, location, code, text, start", given, NoticeRow)),
        "messages": list(queries.rows(f"SELECT * FROM messages {where}", given, MessageRow)),
        "documents": list(queries.rows(f"SELECT * FROM documents {where}", given, DocumentRow)),
        "archives": list(queries.rows(f"SELECT * FROM archives {where}", given, ArchiveRow)),
        "counterparts": list(queries.rows(f"SELECT * FROM counterparts {where}, outcome", given, CounterpartRow)),
        "verdicts": list(queries.rows(f"SELECT * FROM verdicts {where}, kind, index", given, VerdictRow)),
        "signer_verdicts": list(queries.rows(f"SELECT * FROM signer_verdicts {where}, index", given, SignerVerdictRow)),
    }
    return facts_of_rows(tables)
