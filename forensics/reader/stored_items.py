"""Items read back from a case's tables: each place in a line, or some items with all their facts."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.casestore import Queries
from forensics.errors import UsageError
from forensics.model.items import Notice, Status
from forensics.model.lines import ItemLine, Place
from forensics.model.locations import Location
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rules import Subject
from forensics.model.summary import ItemFacts
from forensics.reader.item_facts import facts_of_rows, notice_of
from forensics.stages.power import power_of

TABLES = ("occurrences", "notices", "messages", "documents", "archives")
"""What `read_items` reads."""
_SUBJECTS = {
    "message": Subject.MESSAGE,
    "document": Subject.DOCUMENT,
    "archive": Subject.ARCHIVE,
}
_OCCURRENCES = """
SELECT * FROM occurrences
WHERE ($status = '' OR status = $status) AND ($media_type = '' OR media_type = $media_type)
ORDER BY source, location_text
"""
_KINDS = """
SELECT sha256, 'message' AS kind, mask FROM messages
UNION ALL SELECT sha256, 'document', mask FROM documents
UNION ALL SELECT sha256, 'archive', mask FROM archives
ORDER BY sha256, kind, mask
"""


class _Kinds(msgspec.Struct, frozen=True):
    sha256: str
    kind: str
    mask: int


def known_status(status: str) -> str:
    """Return a state of items, or the empty text.

    Raises:
        UsageError: there is no such state.
    """
    if status and status not in set(Status):
        raise UsageError(f"no status {status!r}; it is one of {', '.join(Status)}")
    return status


def item_lines(queries: Queries, *, status: str = "", media_type: str = "") -> Iterator[ItemLine]:
    """Yield every occurrence, in the order of locations.

    Args:
        queries: the case.
        status: only this state; empty: all.
        media_type: only this type; empty: all.
    """
    notices: dict[str, list[Notice]] = {}
    for noted in queries.rows("SELECT * FROM notices ORDER BY location, code, text, start", {}, NoticeRow):
        notices.setdefault(noted.location, []).append(notice_of(noted))
    kinds: dict[str, list[_Kinds]] = {}
    for kind in queries.rows(_KINDS, {}, _Kinds):
        kinds.setdefault(kind.sha256, []).append(kind)
    for row in queries.rows(_OCCURRENCES, {"status": status, "media_type": media_type}, OccurrenceRow):
        power = list(power_of(row.mask, Subject.OCCURRENCE)[0])
        for kind in kinds.get(row.sha256, ()):
            power += power_of(kind.mask, _SUBJECTS[kind.kind])[0]
        yield ItemLine(
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            location=Place.of(msgspec.json.decode(row.location, type=Location)),
            status=row.status,
            parser=row.parser,
            notices=tuple(notices.get(row.location, ())),
            power=tuple(sorted(power)),
        )


def read_items(queries: Queries, digests: Iterable[str]) -> tuple[ItemFacts, ...]:
    """Return what the case knows of some contents, as `facts_of_rows` does; what is not in the case is left out."""
    wanted = sorted(set(digests))
    given = {"digest": wanted[0] if wanted else "", "digests": wanted}
    # One alone is found by the index, where the tables are held in memory.
    which = "sha256 = $digest" if len(wanted) == 1 else "list_contains($digests, sha256)"
    where = f"WHERE {which} ORDER BY sha256"
    tables: dict[str, list[msgspec.Struct]] = {
        "occurrences": list(queries.rows(f"SELECT * FROM occurrences {where}, location_text", given, OccurrenceRow)),
        "notices": list(queries.rows(f"SELECT * FROM notices {where}, location, code, text, start", given, NoticeRow)),
        "messages": list(queries.rows(f"SELECT * FROM messages {where}", given, MessageRow)),
        "documents": list(queries.rows(f"SELECT * FROM documents {where}", given, DocumentRow)),
        "archives": list(queries.rows(f"SELECT * FROM archives {where}", given, ArchiveRow)),
    }
    return facts_of_rows(tables)
