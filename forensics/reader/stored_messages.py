"""Mails read back from a case's tables."""

from collections.abc import Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.locations import Location
from forensics.model.messages import MessageFacts, MessageParty
from forensics.model.rows.located import LocatedRow, located
from forensics.model.rows.messages import PartyRow
from forensics.model.rows.times import TimeRow, timestamp


class _Message(msgspec.Struct, frozen=True):
    sha256: str
    size: int
    location: Location
    message_id: LocatedRow
    subject: LocatedRow
    from_address: str
    parties: list[PartyRow]
    date: TimeRow | None
    arrived: int | None
    timestamps: list[TimeRow]
    in_reply_to: list[str]
    references: list[str]
    list_id: str
    client: LocatedRow


_MESSAGES = """
WITH first AS (
    SELECT sha256, min_by(location, (source, location_text)) AS location, min((source, location_text)) AS place
    FROM occurrences GROUP BY sha256)
SELECT m.sha256, m.size, f.location, m.message_id, m.subject, m.from_address, m.parties, m.date, m.arrived,
    m.timestamps, m.in_reply_to, m."references", m.list_id, m.client
FROM messages m JOIN first f USING (sha256) ORDER BY f.place, m.sha256
"""


def read_messages(queries: Queries) -> Iterator[MessageFacts]:
    """Yield every mail once, in the order of its first place."""
    for row in queries.rows(_MESSAGES, {}, _Message):
        yield MessageFacts(
            sha256=row.sha256,
            size=row.size,
            location=row.location,
            message_id=located(row.message_id),
            subject=located(row.subject),
            sender=row.from_address,
            parties=tuple([_party(party) for party in row.parties]),
            date=timestamp(row.date) if row.date is not None else None,
            arrived=row.arrived,
            timestamps=tuple([timestamp(stamp) for stamp in row.timestamps]),
            in_reply_to=tuple(row.in_reply_to),
            references=tuple(row.references),
            list_id=row.list_id,
            client=located(row.client),
        )


def _party(row: PartyRow) -> MessageParty:
    return MessageParty(field=row.field, name=row.name, address=row.address, domain=row.domain)
