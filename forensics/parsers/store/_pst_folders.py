"""The folders of a store: where a message stands, and what the table of its folder says of it.

Source: [MS-PST] 2.4.3, 2.4.4; special folders [MS-OXOSFLD] 2.2.3.
"""

from collections import OrderedDict
from typing import NamedTuple

from forensics.model.locations import quote
from forensics.parsers.store._pst_heap import Heap, Record, Table, records
from forensics.parsers.store._pst_odd import Odd
from forensics.parsers.store._pst_store import (
    ASSOCIATED,
    ASSOCIATED_CONTENTS,
    CONTENTS,
    FOLDER,
    ROOT_FOLDER,
    SEARCH_FOLDER,
    STORE,
    Node,
    Store,
    bytes_at,
)

NAME = 0x3001
_WASTEBASKET = 0x35E3
_DELETED = ("deleted items",)
_RECOVERABLE = ("recoverable items",)
_ENTRY_BYTES = 24
_TABLES = 4
"""Tables kept at a time."""
_DEPTH = 200
_PATH = 4_000
"""A longer path is given by the numbers of its last two folders."""
WITHOUT_FOLDER = "without folder"


class Place(NamedTuple):
    """Where a folder stands."""

    path: str
    """Quoted names from the top, with ``/`` between."""
    whole: bool
    """Whether the folders above lead to the root of the store."""
    kept_as: str
    """``deleted items`` or ``recoverable items`` where it is or stands in such a folder; else empty."""


class Folders:
    """The folders of one store, each read when it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[int, Place] = {}
        self._tables: OrderedDict[int, Table | None] = OrderedDict()
        self._deleted: int | None = None

    def place(self, nid: int) -> Place:
        """Return where a folder stands."""
        above: list[Node] = []
        at, met = nid, set[int]()
        while at not in self._places and at != ROOT_FOLDER and at not in met and len(met) < _DEPTH:
            node = self._store.find(at)
            if node is None or node.kind not in (FOLDER, SEARCH_FOLDER):
                break
            met.add(at)
            above.append(node)
            at = node.parent
        found = self._places.get(at)
        if found is None:
            whole = at == ROOT_FOLDER and self._store.find(at) is not None
            found = Place("" if whole else WITHOUT_FOLDER, whole, "")
            if not above:
                self._places[nid] = found
        for node in reversed(above):
            found = self._places[node.nid] = self._below(found, node)
        return found

    def table(self, message: Node) -> Table | None:
        """Return the table of the folder of a message; ``None``: it cannot be read."""
        kind = ASSOCIATED_CONTENTS if message.kind == ASSOCIATED else CONTENTS
        return self.table_of(message.parent & ~0x1F | kind)

    def table_of(self, nid: int) -> Table | None:
        """Return a table by its number."""
        if nid in self._tables:
            self._tables.move_to_end(nid)
            return self._tables[nid]
        with _told(self._store):
            heap = self._store.heap(nid)
            table = Table(heap) if heap else None
        self._tables[nid] = table if table and table.whole else None
        if len(self._tables) > _TABLES:
            self._tables.popitem(last=False)
        return self._tables[nid]

    def properties(self, nid: int) -> tuple[Heap, dict[int, Record]] | None:
        """Return what a folder says of itself."""
        with _told(self._store):
            heap = self._store.heap(nid)
            found = {one.id: one for one in records(heap)} if heap else {}
        return (heap, found) if heap and found else None

    def _below(self, above: Place, node: Node) -> Place:
        name = self._name(node.nid)
        quoted = quote(name.encode("utf-8", "surrogatepass")).replace("/", "%2F") or f"0x{node.nid:x}"
        path = f"{above.path}/{quoted}" if above.path else quoted
        if len(path) > _PATH:
            path = f"0x{node.parent:x}/0x{node.nid:x}"
        kept_as, folded = above.kept_as, name.casefold()
        if folded in _RECOVERABLE:
            kept_as = "recoverable items"
        elif not kept_as and (node.nid == self._wastebasket() or folded in _DELETED):
            kept_as = "deleted items"
        return Place(path, above.whole, kept_as)

    def _name(self, nid: int) -> str:
        found = self.properties(nid)
        if found is None or NAME not in found[1]:
            return ""
        heap, by_id = found
        with _told(self._store):
            return text_of(bytes_at(heap, by_id[NAME], 1024), by_id[NAME].type, self._store.codepage)

    def _wastebasket(self) -> int:
        """Return the number of the folder that the store names as that of deleted items; 0: it names none."""
        if self._deleted is None:
            found = self.properties(STORE)
            entry = b""
            if found is not None and _WASTEBASKET in found[1]:
                entry = bytes_at(found[0], found[1][_WASTEBASKET], 256)
            self._deleted = int.from_bytes(entry[20:24], "little") if len(entry) == _ENTRY_BYTES else 0
        return self._deleted


class _told:  # noqa: N801  used as a function
    """While folders are read, what is odd about their blocks is the store's, not the message's at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: Odd = store.blocks.odd

    def __enter__(self) -> None:
        self._store.blocks.odd = self._store.odd

    def __exit__(self, *_: object) -> None:
        self._store.blocks.odd = self._kept


def text_of(raw: bytes, kind: int, codepage: int) -> str:
    """Return a text of a folder or of the store itself."""
    if kind == 0x001F:
        return raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass").rstrip("\0")
    try:
        return raw.rstrip(b"\0").decode(f"cp{codepage or 1252}", "replace")
    except LookupError:
        return raw.rstrip(b"\0").decode("cp1252", "replace")
