"""Items read back from a case's tables."""

from collections.abc import Iterable

import msgspec

from forensics.casestore import Queries
from forensics.engine.item_facts import facts_of_rows
from forensics.model.summary import ItemFacts
from forensics.model.tables import ArchiveRow, DocumentRow, MessageRow, NoticeRow, OccurrenceRow


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
