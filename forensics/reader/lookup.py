"""The items that references mean in an opened case, with their facts."""

from collections.abc import Callable

import msgspec

from forensics.casestore import Queries
from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import Wanted
from forensics.errors import AmbiguousItem, ForensicsError
from forensics.model.findings import ItemRef
from forensics.model.items import Notice
from forensics.model.summary import ItemFacts
from forensics.reader.resolve import Meant, is_rank, resolve
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_items import TABLES, read_items


class Lookup:
    """Finds items by what names them.

    Args:
        tables: gives the tables of the case.
        judged: gives them if results may be read from them.
        desk: reads items again from their sources.
        gate: gives what everything passes that is shown.
    """

    def __init__(
        self,
        tables: Callable[[], Queries],
        judged: Callable[[], Queries],
        desk: Desk,
        gate: Callable[[], Gate],
    ) -> None:
        self._tables, self._judged, self._desk, self._gate = tables, judged, desk, gate
        self._items_read = 0

    def meant(self, ref: str | int) -> Meant:
        """Return what a reference means.

        Raises:
            UnknownItem: it means nothing.
            AmbiguousItem: it means several digests, and is no rank.
            NotJudged: it is a rank of a case that is not wholly read and judged.
        """
        tables = self._tables()
        return meaning(self._judged() if is_rank(ref, tables) else tables, ref, self._gate())

    def only(self, ref: str | int) -> str:
        """Return the one digest that a reference means.

        Raises:
            AmbiguousItem: it means several.
        """
        digests = self.meant(ref).digests
        if len(set(digests)) > 1:
            names = [digest[:16] for digest in digests[:6]]
            raise AmbiguousItem(f"{ref!r} means several items: {', '.join(names)}", names)
        return digests[0]

    def any(self, ref: str | int | ItemFacts) -> ItemFacts:
        """Return one item by its digest: copies that were read differently have the same bytes."""
        if isinstance(ref, ItemFacts):
            return ref
        meant = self.meant(ref)
        return self.facts(msgspec.structs.replace(meant, digests=(self.only(ref),)))[0]

    def entry(self, ref: str | int) -> tuple[ItemRef, ...]:
        """Return the items that stand together under a reference: of a rank all, partners too; else one."""
        return entry_of(self._tables(), self.meant(ref))

    def facts(self, meant: Meant) -> list[ItemFacts]:
        """Return the facts of all that a reference means."""
        self._items_read += 1
        if self._items_read == 2:  # who asks for one item more asks for many
            self._tables().hold(TABLES)
        found = read_items(self._tables(), meant.digests)
        chosen = [facts for facts in found if meant.place in [place.text for place in facts.occurrences]] or found
        return [facts for digest in meant.digests for facts in chosen if facts.ref.sha256 == digest]

    def with_headers(self, facts: ItemFacts) -> ItemFacts:
        """Add the header fields of a mail, where its source is at hand and the same."""
        if not facts.parser:
            return facts
        try:
            headers = self._desk.header_fields(Wanted.of(facts))
        except (ForensicsError, OSError) as error:
            text = f"header fields cannot be read again from the source: {error}"
            note = Notice(code="engine.source_not_read", text=text)
            return msgspec.structs.replace(facts, notices=(*facts.notices, note))
        return msgspec.structs.replace(facts, headers=headers)


def meaning(queries: Queries, ref: str | int, gate: Gate) -> Meant:
    """Return what a reference means; where it means several, what may not be quoted does not describe them."""
    try:
        return resolve(queries, ref, gate.unnamed)
    except AmbiguousItem as several:
        raise gate.ambiguous(several) from None


def entry_of(queries: Queries, meant: Meant) -> tuple[ItemRef, ...]:
    """Return the items that stand together: of a rank all, partners too; else one, at the place that is meant."""
    if meant.entry:
        return tuple(dict.fromkeys(meant.entry))
    found = read_items(queries, meant.digests[:1])
    chosen = [facts for facts in found if meant.place in [place.text for place in facts.occurrences]] or found
    return (chosen[0].ref,)
