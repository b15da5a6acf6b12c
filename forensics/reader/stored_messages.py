"""Mails read back from a case's tables."""

from collections.abc import Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.codec import encode
from forensics.model.locations import Location
from forensics.model.messages import MessageFacts, MessageParty
from forensics.model.rows.located import LocatedRow, located
from forensics.model.rows.messages import PartyRow
from forensics.model.rows.times import TimeRow, timestamp
from forensics.reader.places import CONTENT, FIRST_PLACE, numbered


class _Message(msgspec.Struct, frozen=True):
    sha256: str
    size: int
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


class _Standing(msgspec.Struct, frozen=True):
    n: int
    place: int


_MESSAGES = """
SELECT sha256, size, message_id, subject, from_address, parties, date, arrived, timestamps, in_reply_to, "references",
       list_id, client
FROM messages
"""
_BY_PLACE = f"""
WITH rows AS (SELECT row_number() OVER () AS n, {CONTENT} AS content FROM messages),
first AS ({FIRST_PLACE})
SELECT n, place FROM rows JOIN first USING (content) ORDER BY place, n
"""
"""The numbers of the rows of `_MESSAGES`; these are too wide to be sorted."""


def read_messages(queries: Queries) -> Iterator[MessageFacts]:
    """Yield every mail once, in the order of its first place."""
    decoder = msgspec.json.Decoder(_Message)
    mails = queries.rows(_MESSAGES, {}, _Message)
    with numbered(queries, "source, location_text") as places, queries.spool(map(encode, mails)) as spool:
        for row in queries.rows(_BY_PLACE.format(table=places.table), {}, _Standing):
            _, location, _ = places.get(row.place)
            yield _facts(decoder.decode(spool[row.n]), location)


def _facts(row: _Message, location: Location) -> MessageFacts:
    return MessageFacts(
        sha256=row.sha256,
        size=row.size,
        location=location,
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
