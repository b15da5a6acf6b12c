"""What readers recognize items by, read from a case for the lines of a list: of a page at once, of all in turn."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import TypeVar

import msgspec

from forensics.casestore import Queries
from forensics.checks import RULES, load
from forensics.model.codec import decode, encode_text
from forensics.model.findings import Finding, ItemRef, Ranked
from forensics.model.labels import ItemLabel
from forensics.model.lines import ItemLine
from forensics.model.locations import Location
from forensics.model.rows.labels import LabelRow
from forensics.reader.lines import Lines
from forensics.stages.labelling import DOCUMENTS, MAILS, Place, make_labels, places_of
from forensics.stages.power import rule_power

Line = TypeVar("Line")

_BATCH = 4_000
"""Lines of a whole list that are labelled together."""
_STORED = "SELECT location, label FROM labels WHERE location IN (SELECT unnest($places::VARCHAR[])) ORDER BY location"


class _Labels:
    """Gives labels, those that are stored before others are made.

    Args:
        queries: the case.
        many: whether all of a list are asked for: then the mails are read once, into a table that ends with the
            ``with`` block.
    """

    def __init__(self, queries: Queries, *, many: bool) -> None:
        self._queries, self._many = queries, many
        self._open = ExitStack()
        self._mails, self._documents = MAILS, DOCUMENTS

    def __enter__(self) -> "_Labels":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def of(self, locations: Sequence[Location]) -> dict[Location, ItemLabel]:
        """Return the label of each place."""
        texts = {encode_text(location): location for location in locations}
        stored = self._queries.rows(_STORED, {"places": list(texts)}, LabelRow)
        found = {row.location: decode(row.label.encode(), ItemLabel) for row in stored}
        rest = {text: location for text, location in texts.items() if text not in found}
        if rest:
            found |= self.made(rest, places_of(self._queries.rows, rest))
        return {location: found[text] for text, location in texts.items()}

    def made(self, locations: Mapping[str, Location], places: Mapping[str, Place]) -> dict[str, ItemLabel]:
        """Return labels made of places that were read, by the JSON text of their locations."""
        if self._many:
            self._mails = f"SELECT * FROM {self._open.enter_context(self._queries.kept(MAILS, {}))}"
            self._documents = f"SELECT * FROM {self._open.enter_context(self._queries.kept(DOCUMENTS, {}))}"
            self._many = False
        return make_labels(self._queries.rows, locations, places, self._mails, self._documents)


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


def label_items(queries: Queries, lines: Lines[tuple[ItemLine, Place]]) -> Lines[ItemLine]:
    """Return lines of items, each with its label, of lines with the places that they are of."""

    def read(most: int | None) -> Iterator[ItemLine]:
        with _Labels(queries, many=most is None or most > _BATCH) as labels:
            stream = lines.first(most)
            while batch := list(islice(stream, _BATCH)):
                locations = {place.location: Location(line.location.steps) for line, place in batch}
                found = labels.made(locations, {place.location: place for _, place in batch})
                yield from [msgspec.structs.replace(line, label=found[place.location]) for line, place in batch]

    return Lines(read, lines.count)


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
