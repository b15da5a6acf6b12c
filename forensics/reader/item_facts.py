"""One item as ``show``, ``check`` and the report present it, made of its rows."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

import msgspec

from forensics.model.earlier_texts import earlier_texts
from forensics.model.facts import Timestamp
from forensics.model.findings import ItemRef
from forensics.model.instants import written
from forensics.model.items import Notice
from forensics.model.locations import Location, Locator
from forensics.model.presence.document import with_original as with_document_original
from forensics.model.presence.message import PART, with_keys, with_original
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.counterparts import CounterpartRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.signer_verdicts import SignerVerdictRow
from forensics.model.rows.times import TimeRow, timestamp
from forensics.model.rows.verdicts import VerdictRow
from forensics.model.rules import Subject
from forensics.model.summary import ItemFacts
from forensics.model.time_kinds import TimeKind
from forensics.model.unseen_texts import unseen_texts
from forensics.stages.power import power_of

_STORED = {
    "mapi.creator_name": "Created by",
    "mapi.last_modifier_name": "Last modified by",
    "mapi.categories": "Categories",
    "mapi.outlook_version": "Outlook version",
}
"""What a store says that is shown, and what it is called there."""
_CLASSES = (
    ("ipm.appointment", "appointment"),
    ("ipm.schedule.meeting", "meeting"),
    ("ipm.contact", "contact"),
    ("ipm.distlist", "distribution list"),
    ("ipm.task", "task"),
    ("ipm.stickynote", "note"),
    ("ipm.activity", "journal entry"),
    ("ipm.post", "post"),
    ("ipm.document", "document"),
    ("ipm.note", "mail"),
    ("report.", "report"),
)
"""Beginnings of message classes, and what these items are."""
MOST_EARLIER = MOST_UNSEEN = 20
"""Words of an earlier text that a sheet has."""
_PARTY_FIELDS = ("from", "sender", "reply-to", "to", "cc", "bcc")


def facts_of_rows(tables: Mapping[str, Sequence[msgspec.Struct]], *, alone: bool = False) -> tuple[ItemFacts, ...]:
    """Return the items of some rows, by table, in the order of their first occurrences.

    Copies of one content are one item where they were read alike; a copy that its container damages, or that was not
    read at its place, is an item of its own.

    Args:
        tables: the rows.
        alone: whether there is no archive, so that the rules that compare its items are left out.
    """
    occurrences: list[OccurrenceRow] = []
    notices: dict[str, list[Notice]] = {}
    messages, documents, archives = dict[str, MessageRow](), dict[str, DocumentRow](), dict[str, ArchiveRow]()
    verdicts: dict[str, set[tuple[str, str]]] = {}
    compared: dict[str, set[str]] = {}
    for row in (row for rows in tables.values() for row in rows):
        match row:
            case OccurrenceRow():
                occurrences.append(row)
            case NoticeRow():
                noted = notice_of(row.code, row.text, row.start, row.end, row.unread)
                notices.setdefault(row.location, []).append(noted)
            case MessageRow():
                messages[row.sha256] = row
            case DocumentRow():
                documents[row.sha256] = row
            case ArchiveRow():
                archives[row.sha256] = row
            case VerdictRow():
                verdicts.setdefault(row.sha256, set()).add((row.kind, row.header))
            case SignerVerdictRow():
                verdicts.setdefault(row.sha256, set()).add((PART, row.outcome))
            case CounterpartRow():
                compared.setdefault(row.sha256, set()).add(row.outcome)
    alike: dict[tuple[str, str, tuple[Notice, ...]], list[OccurrenceRow]] = {}
    for place in occurrences:
        # What was not read has no digest, and is no copy of anything.
        content = place.sha256 or place.location
        alike.setdefault((content, place.status, tuple(notices.get(place.location, ()))), []).append(place)
    return tuple(
        _facts(
            found,
            noted,
            messages.get(content),
            documents.get(content),
            archives.get(content),
            verdicts.get(content, ()),
            compared.get(content, ()),
            alone=alone,
        )
        for (content, _, noted), found in alike.items()
    )


def notice_of(code: str, text: str, start: int | None, end: int | None, unread: int) -> Notice:
    """Return the notice that a row tells of."""
    locator = Locator(ranges=((start, end),)) if start is not None and end is not None else None
    return Notice(code=code, text=text, locator=locator, unread=unread)


def _facts(
    found: list[OccurrenceRow],
    notices: tuple[Notice, ...],
    message: MessageRow | None,
    document: DocumentRow | None,
    archive: ArchiveRow | None,
    verdicts: Collection[tuple[str, str]],
    compared: Collection[str],
    *,
    alone: bool,
) -> ItemFacts:
    first = found[0]
    places = tuple(msgspec.json.decode(row.location, type=Location) for row in found)
    title, claims, stamps = first.name, list[tuple[str, str]](), list[Timestamp]()
    masks = [(Subject.OCCURRENCE, first.mask)]
    if message is not None:
        title = message.subject.value or title
        claims += _message_claims(message)
        stamps += [timestamp(row) for row in message.timestamps]
        masks.append((Subject.MESSAGE, with_original(with_keys(message.mask, verdicts), compared)))
    if document is not None:
        claims += [(name, value) for name, value in _document_claims(document) if value]
        claims += list(islice(earlier_texts(document.properties), MOST_EARLIER))
        claims += list(islice(unseen_texts(document.properties), MOST_UNSEEN))
        stamps += [timestamp(row) for row in document.timestamps]
        masks.append((Subject.DOCUMENT, with_document_original(document.mask, compared)))
    if archive is not None:
        masks.append((Subject.ARCHIVE, archive.mask))
    for row in found:
        stamps += [timestamp(stamp) for stamp in row.times]
    power, no_power = list[str](), list[str]()
    for subject, mask in masks:
        can, cannot = power_of(mask, subject, alone=alone)
        power += can
        no_power += cannot
    return ItemFacts(
        ref=ItemRef(sha256=first.sha256, location=places[0]),
        size=first.size,
        media_type=first.media_type,
        status=first.status,
        parser=first.parser,
        title=title,
        claims=tuple(claims),
        occurrences=places,
        timestamps=tuple(stamps),
        notices=notices,
        power=tuple(sorted(power)),
        no_power=tuple(sorted(no_power)),
    )


def _message_claims(row: MessageRow) -> list[tuple[str, str]]:
    claims = []
    for field in _PARTY_FIELDS:
        parties = [f"{party.name} <{party.address}>".strip() for party in row.parties if party.field == field]
        if parties:
            claims.append((field.title(), ", ".join(parties)))
    claims.append(("Subject", row.subject.value))
    if row.date is not None:
        claims.append(("Date", _date(row.date)))
    claims += [("Message-ID", row.message_id.value), ("Client", row.client.value), ("List", row.list_id)]
    claims += _stored_claims(row)
    return [(name, value) for name, value in claims if value]


def _stored_claims(row: MessageRow) -> list[tuple[str, str]]:
    """Return what a store says of an item: first what kind of item it is."""
    said: dict[str, list[str]] = {}
    for one in row.stored:
        said.setdefault(one.name, []).append(one.value)
    (message_class, *_) = said.get("mapi.message_class", [""])
    lower = message_class.lower()
    kind = next((name for begin, name in _CLASSES if lower.startswith(begin)), "")
    shown = f"{kind} ({message_class})" if kind else message_class
    return [("Kind", shown), *[(label, "; ".join(said[name])) for name, label in _STORED.items() if name in said]]


def _date(row: TimeRow) -> str:
    """Return Date as its field writes it; a property of a store holds a number, of which the time is shown."""
    return row.raw.decode("latin-1").strip() if row.kind == TimeKind.DATE else written(timestamp(row)) or ""


def _stated(row: TimeRow | None) -> str:
    """Return a time of a document as it writes it; of a number the time that it means."""
    raw = row.raw.decode("latin-1") if row is not None else ""
    if row is None or (raw.isascii() and raw.isprintable()):
        return raw
    return written(timestamp(row)) or ""


def _document_claims(row: DocumentRow) -> list[tuple[str, str]]:
    return [
        ("Format", row.format),
        ("Author", row.author.value),
        ("Last saved by", row.last_author.value),
        ("Application", row.application),
        ("Created", _stated(row.created)),
        ("Last saved", _stated(row.modified)),
    ]
