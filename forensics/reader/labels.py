"""What readers recognize items by, read from a case for the lines of a list: of a page at once, of all in turn."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import TypeVar

import msgspec

from forensics.casestore import Queries
from forensics.checks import RULES, load
from forensics.model.codec import encode_text
from forensics.model.findings import Finding, ItemRef, Ranked
from forensics.model.instants import written
from forensics.model.labels import RECIPIENTS, ItemLabel
from forensics.model.lines import ItemLine
from forensics.model.locations import Location
from forensics.model.rows.times import TimeRow, timestamp
from forensics.reader.lines import Lines
from forensics.stages.power import rule_power

Line = TypeVar("Line")

_BATCH = 4_000
"""Lines of a whole list that are labelled together."""
_SENDERS = 3
"""So many mailboxes of From are named."""
_PARTIES = """[{{'name': p."name", 'address': p.address}} FOR p IN parties IF p.field IN ({fields})]"""
_MAILS = f"""
SELECT sha256, subject.value AS subject, from_address, date, {_PARTIES.format(fields="'from'")}[:{_SENDERS}] AS senders,
       {_PARTIES.format(fields="'to', 'cc', 'bcc'")} AS recipients
FROM messages
"""
_DOCUMENTS = "SELECT sha256, modified, created FROM documents"
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

    @property
    def fields(self) -> dict[str, object]:
        """The fields of a label that the mail has."""
        sender = ", ".join([party.text for party in self.senders]) or self.from_address
        found: dict[str, object] = {"sender": sender, "subject": self.subject, "date": _written(self.date)}
        if self.recipients:
            found |= {"recipients": tuple([party.text for party in self.recipients[:RECIPIENTS]])}
            found |= {"recipient_count": len(self.recipients)}
        return {name: value for name, value in found.items() if value}


class _Document(msgspec.Struct, frozen=True):
    sha256: str
    modified: TimeRow | None
    created: TimeRow | None

    @property
    def date(self) -> str:
        """When it says that it was saved, else made."""
        return _written(self.modified) or _written(self.created)


class _Place(msgspec.Struct, frozen=True):
    sha256: str
    location: str
    name: str
    message_sha256: str


def _written(row: TimeRow | None) -> str:
    return (written(timestamp(row)) or "") if row is not None else ""


class _Labels:
    """Makes labels; with *many* the mails are read once, into a table that ends with the ``with`` block."""

    def __init__(self, queries: Queries, *, many: bool) -> None:
        self._queries, self._many = queries, many
        self._open = ExitStack()
        self._mails, self._documents = _MAILS, _DOCUMENTS

    def __enter__(self) -> "_Labels":
        if self._many:
            self._mails = f"SELECT * FROM {self._open.enter_context(self._queries.kept(_MAILS, {}))}"
            self._documents = f"SELECT * FROM {self._open.enter_context(self._queries.kept(_DOCUMENTS, {}))}"
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def of(self, locations: Sequence[Location]) -> dict[Location, ItemLabel]:
        """Return the label of each place."""
        texts = {encode_text(location): location for location in locations}
        places = {row.location: row for row in self._queries.rows(_PLACES, {"places": list(texts)}, _Place)}
        own = {row.sha256 for row in places.values() if row.sha256}
        mails = self._read(self._mails, own | {row.message_sha256 for row in places.values() if row.message_sha256})
        documents = self._read_documents(own - mails.keys())
        return {place: _label(place, places.get(text), mails, documents) for text, place in texts.items()}

    def _read(self, sql: str, digests: Iterable[str]) -> dict[str, _Mail]:
        given = {"digests": sorted(digests)}
        return {row.sha256: row for row in self._queries.rows(f"{sql} {_OF}", given, _Mail)}

    def _read_documents(self, digests: Iterable[str]) -> dict[str, _Document]:
        given = {"digests": sorted(digests)}
        if not given["digests"]:
            return {}
        return {row.sha256: row for row in self._queries.rows(f"{self._documents} {_OF}", given, _Document)}


def _label(
    location: Location, place: _Place | None, mails: Mapping[str, _Mail], documents: Mapping[str, _Document]
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


def labels_of(queries: Queries, locations: Sequence[Location]) -> dict[Location, ItemLabel]:
    """Return the label of what stands at each of some places."""
    with _Labels(queries, many=False) as labels:
        return labels.of(locations)


def labelled(
    queries: Queries,
    lines: Lines[Line],
    places: Callable[[Line], Iterable[Location]],
    put: Callable[[Line, Mapping[Location, ItemLabel]], Line],
) -> Lines[Line]:
    """Return the same lines with labels.

    Args:
        queries: the case.
        lines: the list.
        places: returns the places of the items that a line names.
        put: returns a line with their labels.
    """

    def read(most: int | None) -> Iterator[Line]:
        with _Labels(queries, many=most is None or most > _BATCH) as labels:
            stream = lines.first(most)
            while batch := list(islice(stream, _BATCH)):
                found = labels.of([place for line in batch for place in places(line)])
                yield from [put(line, found) for line in batch]

    return Lines(read, lines.count)


def label_items(queries: Queries, lines: Lines[ItemLine]) -> Lines[ItemLine]:
    """Return the same lines, each with the label of its item."""

    def put(line: ItemLine, found: Mapping[Location, ItemLabel]) -> ItemLine:
        return msgspec.structs.replace(line, label=found[Location(line.location.steps)])

    return labelled(queries, lines, lambda line: [Location(line.location.steps)], put)


def label_findings(queries: Queries, lines: Lines[Finding]) -> Lines[Finding]:
    """Return the same findings, each with the label of its item."""

    def put(line: Finding, found: Mapping[Location, ItemLabel]) -> Finding:
        return msgspec.structs.replace(line, item=_with_label(line.item, found))

    return labelled(queries, lines, lambda line: [line.item.location], put)


def label_ranking(queries: Queries, lines: Lines[Ranked]) -> Lines[Ranked]:
    """Return the same lines with the labels of all items that they name; clusters with what they are a share of."""
    testable: dict[str, int] = {}

    def judged_by(rule: str) -> int:
        if rule not in testable:
            known = [load(rule).RULE] if rule in RULES else []
            testable[rule] = sum([power.powered for power in rule_power(queries.rows, known)])
        return testable[rule]

    def put(line: Ranked, found: Mapping[Location, ItemLabel]) -> Ranked:
        item = None if line.item is None else _with_label(line.item, found)
        partners = tuple([_with_label(one, found) for one in line.partners])
        cluster = line.cluster
        if cluster is not None:
            members = tuple([_with_label(one, found) for one in cluster.members])
            cluster = msgspec.structs.replace(cluster, members=members, testable=judged_by(cluster.rule))
        return msgspec.structs.replace(line, item=item, partners=partners, cluster=cluster)

    return labelled(queries, lines, lambda line: [one.location for one in line.items], put)


def _with_label(item: ItemRef, found: Mapping[Location, ItemLabel]) -> ItemRef:
    return msgspec.structs.replace(item, label=found[item.location])
