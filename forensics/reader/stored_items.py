"""Items read back from a case's tables."""

from collections.abc import Iterable

import msgspec

from forensics.casestore import Queries
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.summary import ItemFacts
from forensics.reader.item_facts import facts_of_rows


def read_items(queries: Queries, digests: Iterable[str]) -> tuple[ItemFacts, ...]:
    """Return what the case knows of some contents, as `facts_of_rows` does; what is not in the case is left out."""
    wanted = {"digests": sorted(set(digests))}
    where = "WHERE list_contains($digests, sha256) ORDER BY sha256"
    tables: dict[str, list[msgspec.Struct]] = {
        "occurrences": list(queries.rows(f"SELECT * FROM occurrences {where}, location_text", wanted, OccurrenceRow)),
        "notices": list(queries.rows(f"SELECT * FROM notices {where}, location, code, text, start", wanted, NoticeRow)),
        "messages": list(queries.rows(f"SELECT * FROM messages {where}", wanted, MessageRow)),
        "documents": list(queries.rows(f"SELECT * FROM documents {where}", wanted, DocumentRow)),
        "archives": list(queries.rows(f"SELECT * FROM archives {where}", wanted, ArchiveRow)),
    }
    return facts_of_rows(tables)
