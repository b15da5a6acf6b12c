"""The folders of a store: where a message stands, and what the table of its folder says of it.

Source: [MS-PST] 2.4.3, 2.4.4; special folders [MS-OXOSFLD] 2.2.3.
"""

from collections import OrderedDict
from typing import NamedTuple

from forensics.model.locations import quote
from forensics.parsers.mail.mapi.values import STRING, decoded
from forensics.parsers.store._pst_heap import Heap, Record, records
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
from forensics.parsers.store._pst_tables import Table

NAME = 0x3001
_WASTEBASKET = 0x35E3
_DELETED = ("deleted items",)
_RECOVERABLE = ("recoverable items",)
_ENTRY_BYTES = 24
_TABLES = 500
_ROWS = 2_000_000
"""Tables and rows kept at a time; a row takes 8 bytes."""
_EFFORT = 5_000_000
"""Rows, blocks and properties that are read of all folders of however small a store; as many more as a store of its
size could have. Each takes about a microsecond, and a few kilobytes can name them by the million."""
_LEAST = 20
"""What it takes to open any."""
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
        self._rows = 0
        self._effort = _EFFORT + store.source.size // 8
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
        table = None
        if self._effort > 0:
            with _told(self._store):
                heap = self._heap(nid)
                table = Table(heap) if heap else None
            self._spend(table.rows if table else 0)
        self._tables[nid] = table = table if table and table.whole else None
        self._rows += table.rows if table else 0
        while len(self._tables) > 1 and (len(self._tables) > _TABLES or self._rows > _ROWS):
            _, oldest = self._tables.popitem(last=False)
            self._rows -= oldest.rows if oldest else 0
        return table

    def _heap(self, nid: int) -> Heap | None:
        node = self._store.find(nid)
        if node is None:
            return None
        opened = self._store.open(node)
        self._spend(opened.count)
        heap = Heap(opened)
        return heap if heap.client else None

    def _spend(self, effort: int) -> None:
        self._effort -= effort + _LEAST
        if self._effort <= 0:
            text = "the folders name more than a store of this size can have: the rest of what they say is not read"
            self._store.odd.add("pst.folders", text, "pst:folders/effort")

    def properties(self, nid: int) -> tuple[Heap, dict[int, Record]] | None:
        """Return what a folder says of itself."""
        if self._effort <= 0:
            return None
        with _told(self._store):
            heap = self._heap(nid)
            found = {one.id: one for one in records(heap)} if heap else {}
        self._spend(len(found))
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
            return _name(bytes_at(heap, by_id[NAME], 1024), by_id[NAME].type, self._store.codepage)

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


def _name(raw: bytes, kind: int, codepage: int) -> str:
    """Return the name of a folder, halves of pairs as they are: it is quoted byte for byte."""
    if kind == STRING:
        return raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass").rstrip("\0")
    return decoded(raw, kind, codepage)
