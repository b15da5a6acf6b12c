"""Makes the labels of items: what readers recognize them by, of their own or of the mail around them."""

from collections.abc import Iterable, Mapping

import msgspec

from forensics.model.codec import decode
from forensics.model.instants import written
from forensics.model.labels import RECIPIENTS, ItemLabel
from forensics.model.locations import Location
from forensics.model.rows.times import TimeRow, timestamp
from forensics.stages.observed import Rows

_SENDERS = 3
"""So many mailboxes of From are named."""
_PARTIES = """[{{'name': p."name", 'address': p.address}} FOR p IN parties IF p.field IN ({fields})][:{most}]"""
_TO = "'to', 'cc', 'bcc'"
MAILS = f"""
SELECT sha256, subject.value AS subject, from_address, date,
       {_PARTIES.format(fields="'from'", most=_SENDERS)} AS senders,
       {_PARTIES.format(fields=_TO, most=RECIPIENTS)} AS recipients,
       len([1 FOR p IN parties IF p.field IN ({_TO})]) AS recipient_count
FROM messages
"""
DOCUMENTS = "SELECT sha256, modified, created FROM documents"
_PLACES = """
SELECT sha256, location, name, message_sha256 FROM occurrences
WHERE location IN (SELECT unnest($places::VARCHAR[])) ORDER BY location
"""
_OF = "WHERE sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256"


class _Party(msgspec.Struct, frozen=True):
    name: str
    address: str

    @property
    def text(self) -> str:
        """Name and address, or what there is of them."""
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


class _Mail(msgspec.Struct, frozen=True):
    sha256: str
    subject: str
    from_address: str
    date: TimeRow | None
    senders: list[_Party]
    recipients: list[_Party]
    recipient_count: int

    @property
    def fields(self) -> dict[str, object]:
        """The fields of a label that the mail has."""
        sender = ", ".join([party.text for party in self.senders]) or self.from_address
        found: dict[str, object] = {"sender": sender, "subject": self.subject, "date": _written(self.date)}
        if self.recipients:
            found |= {"recipients": tuple([party.text for party in self.recipients])}
            found |= {"recipient_count": self.recipient_count}
        return {name: value for name, value in found.items() if value}


class _Document(msgspec.Struct, frozen=True):
    sha256: str
    modified: TimeRow | None
    created: TimeRow | None

    @property
    def date(self) -> str:
        """When it says that it was saved, else made."""
        return _written(self.modified) or _written(self.created)


class Place(msgspec.Struct, frozen=True):
    """What a label needs of a place."""

    sha256: str
    location: str
    """JSON text."""
    name: str
    message_sha256: str


class Labelled(msgspec.Struct, frozen=True):
    """What the label of one place is made of."""

    place: str
    """JSON text of a `Location`."""
    found: Place | None
    """``None``: it is not in the case."""
    mail: _Mail | None
    around: _Mail | None
    """The mail in which it stands."""
    document: _Document | None

    @property
    def label(self) -> ItemLabel:
        """Its label."""
        mails = {row.sha256: row for row in (self.mail, self.around) if row is not None}
        documents = {self.document.sha256: self.document} if self.document is not None else {}
        return _label(decode(self.place.encode(), Location), self.found, mails, documents)


def _written(row: TimeRow | None) -> str:
    return (written(timestamp(row)) or "") if row is not None else ""


def places_of(rows: Rows, locations: Iterable[str]) -> dict[str, Place]:
    """Return the places that are in the case, by the JSON text of their locations."""
    return {row.location: row for row in rows(_PLACES, {"places": list(locations)}, Place)}


def make_labels(
    rows: Rows,
    locations: Mapping[str, Location],
    places: Mapping[str, Place],
    mails: str = MAILS,
    documents: str = DOCUMENTS,
) -> dict[str, ItemLabel]:
    """Return the label of what stands at each of some places, by the JSON text of their locations.

    Args:
        rows: queries of the case.
        locations: what is asked for, by its JSON text.
        places: those of them that are in the case, as `places_of` gives them.
        mails: query that gives what `MAILS` gives, from another table.
        documents: likewise for `DOCUMENTS`.
    """
    own = {row.sha256 for row in places.values() if row.sha256}
    wanted = own | {row.message_sha256 for row in places.values() if row.message_sha256}
    of_mails = {row.sha256: row for row in rows(f"{mails} {_OF}", {"digests": sorted(wanted)}, _Mail)}
    others = {"digests": sorted(own - of_mails.keys())}
    of_documents = (
        {row.sha256: row for row in rows(f"{documents} {_OF}", others, _Document)} if own - of_mails.keys() else {}
    )
    return {text: _label(location, places.get(text), of_mails, of_documents) for text, location in locations.items()}


def _label(
    location: Location, place: Place | None, mails: Mapping[str, _Mail], documents: Mapping[str, _Document]
) -> ItemLabel:
    if place is None:
        return ItemLabel(path=location.readable)
    if place.sha256 in mails:
        return msgspec.convert({"path": location.readable, "name": place.name} | mails[place.sha256].fields, ItemLabel)
    own = {"date": documents[place.sha256].date} if place.sha256 in documents else {}
    around = mails[place.message_sha256].fields if place.message_sha256 in mails else {}
    taken = {name: value for name, value in around.items() if not own.get(name)}
    of_mail = tuple([name for name in taken if name != "recipient_count"])
    said = {"path": location.readable, "name": place.name, **own, **taken, "of_mail": of_mail}
    return msgspec.convert(said, ItemLabel)
