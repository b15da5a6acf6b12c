"""The files that one mail carries."""

import msgspec

from forensics.casestore import Queries
from forensics.model.locations import Location
from forensics.model.summary import ItemFacts
from forensics.model.texts import Attachment

_CARRIED = """
SELECT sha256, name, size, media_type, declared_type, status, location FROM occurrences
WHERE parent_sha256 = $mail AND starts_with(location_text, $place) AND $mail IN (SELECT sha256 FROM messages)
ORDER BY location
"""
"""What stands in a mail itself, also in one that is another mail once more; what stands in an archive does not."""


class _Row(msgspec.Struct, frozen=True):
    sha256: str
    name: str
    size: int
    media_type: str
    declared_type: str
    status: str
    location: str


def read_attachments(queries: Queries, facts: ItemFacts) -> tuple[Attachment, ...]:
    """Return the files that a mail carries at its first place, in its order; none where it is no mail."""
    given = {"mail": facts.ref.sha256, "place": f"{facts.ref.location.text} > "}
    rows = list(queries.rows(_CARRIED, given, _Row)) if facts.ref.sha256 else []
    found = [
        Attachment(
            sha256=row.sha256,
            name=row.name,
            size=row.size,
            media_type=row.media_type,
            declared_type=row.declared_type,
            status=row.status,
            location=msgspec.json.decode(row.location, type=Location),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: [step.start for step in one.location.steps]))
