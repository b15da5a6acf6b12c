"""What a store says of itself and of its folders: one member of `ArchiveFacts` for each folder.

Folders, not messages, are the members: a store has few of them however many messages it holds, and what is to be said
of a message stands with that.

Source: [MS-PST] 2.4.3 and 2.4.4; properties by [MS-OXPROPS].
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Description, Fact, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.mapi.values import STRING, STRING8, decoded
from forensics.parsers.store._pst_entries import stored_time
from forensics.parsers.store._pst_folders import Folders
from forensics.parsers.store._pst_heap import FIXED, Heap, Record, value_of
from forensics.parsers.store._pst_store import (
    ASSOCIATED,
    ASSOCIATED_CONTENTS,
    CONTENTS,
    FOLDER,
    MESSAGE,
    SEARCH_FOLDER,
    STORE,
    Node,
    Store,
    bytes_of,
)

_OF_STORE = {
    0x3001: "display_name",
    0x3004: "comment",
    0x0FF9: "record_key",
    0x6633: "valid_folders",
    0x67FF: "password_crc",
    0x0E08: "size",
    0x3FFD: "codepage",
    0x66C3: "codepage",
}
_OF_FOLDER = {
    0x3613: "class",
    0x3004: "comment",
    0x3602: "messages_stated",
    0x3603: "unread_stated",
    0x3617: "associated_stated",
    0x6639: "rights",
    0x300B: "search_key",
    0x66FA: "last_message",
}
PASSWORD = 0x67FF
_CREATED, _MODIFIED = 0x3007, 0x3008
_MOST_BYTES = 4096
MOST_FOLDERS = 50_000


class Census:
    """Folders and messages of a store, counted in one walk over its nodes.

    Attributes:
        folders: in the order of their numbers.
        counts: of messages and associated messages, by the number of their folder.
        messages: how many there are.
    """

    def __init__(self, store: Store) -> None:
        self.folders: list[Node] = []
        self.counts: dict[int, list[int]] = {}
        self._numbers = array("I")
        self.more_folders = 0
        for nid, entry in store.node_tree.entries():
            kind = nid & 0x1F
            if kind in (MESSAGE, ASSOCIATED):
                self._numbers.append(nid)
                self.counts.setdefault(entry[3], [0, 0])[kind == ASSOCIATED] += 1
            elif kind in (FOLDER, SEARCH_FOLDER):
                if len(self.folders) < MOST_FOLDERS:
                    self.folders.append(Node(nid, *entry[1:4]))
                else:
                    self.more_folders += 1

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return len(self._numbers)

    def has(self, nid: int) -> bool:
        """Whether there is a message of this number."""
        at = bisect_left(self._numbers, nid)
        return at < len(self._numbers) and self._numbers[at] == nid


def store_facts(store: Store, folders: Folders, census: Census, format_id: str) -> ArchiveFacts:
    """Return what a store says of itself, and its folders."""
    properties = [
        Fact(
            name=f"pst.{field.name}",
            value=field.value,
            raw=store.source.read(field.start, field.end),
            locator=Locator(ranges=((field.start, field.end),), path=f"pst:header/{field.name}"),
        )
        for field in store.header.fields
    ]
    times: tuple[Timestamp, ...] = ()
    found = folders.properties(STORE)
    if found is not None:
        properties += _facts(store, *found, STORE, _OF_STORE)
        kinds = {_CREATED: TimeKind.PST_STORE_CREATED, _MODIFIED: TimeKind.PST_STORE_MODIFIED}
        times = tuple(_times(*found, STORE, kinds))
    members = [_member(store, folders, census, index, node) for index, node in enumerate(census.folders)]
    return ArchiveFacts(format=format_id, members=tuple(members), properties=tuple(properties), timestamps=times)


def has_password(folders: Folders) -> bool:
    """Whether the store has a password."""
    found = folders.properties(STORE)
    record = found[1].get(PASSWORD) if found else None
    return record is not None and record.value not in (0, 0xFFFFFFFF)


def _member(store: Store, folders: Folders, census: Census, index: int, node: Node) -> ArchiveMember:
    place = folders.place(node.nid)
    found = folders.properties(node.nid)
    counts = census.counts.get(node.nid, [0, 0])
    said = [_counted("messages", counts[0], node), _counted("associated", counts[1], node)]
    for name, kind in (("listed", CONTENTS), ("associated_listed", ASSOCIATED_CONTENTS)):
        table = folders.table_of(node.nid & ~0x1F | kind)
        if table is not None:
            said.append(_counted(name, table.rows, node))
    if node.kind == SEARCH_FOLDER:
        said.append(
            Fact(
                name="pst.folder.search",
                value="a saved search: it has no messages of its own",
                raw=b"",
                locator=_at(node),
            )
        )
    times: tuple[Timestamp, ...] = ()
    if found is not None:
        said += _facts(store, *found, node.nid, _OF_FOLDER, "folder.")
        kinds = {_CREATED: TimeKind.PST_FOLDER_CREATED, _MODIFIED: TimeKind.PST_FOLDER_MODIFIED}
        times = tuple(_times(*found, node.nid, kinds))
    return ArchiveMember(
        index=index,
        name=f"{place.path}/0x{node.nid:x}" if place.path else f"0x{node.nid:x}",
        size=0,
        stored_size=0,
        encrypted=False,
        header_start=store.blocks.offset(node.data) or 0 if node.data else 0,
        times=times,
        said=tuple(said),
    )


def _at(node: Node) -> Locator:
    return Locator(path=f"pst:node 0x{node.nid:x}")


def _counted(name: str, count: int, node: Node) -> Fact:
    return Fact(name=f"pst.folder.{name}", value=str(count), raw=b"", locator=_at(node))


def _facts(
    store: Store, heap: Heap, found: dict[int, Record], nid: int, wanted: dict[int, str], area: str = ""
) -> Iterator[Fact]:
    for number, name in wanted.items():
        record = found.get(number)
        if record is None:
            continue
        raw, locator = _read(heap, record, nid)
        if raw:
            yield Fact(
                name=f"pst.{area}{name}", value=_shown(raw, record.type, store.codepage), raw=raw, locator=locator
            )


def _times(heap: Heap, found: dict[int, Record], nid: int, kinds: dict[int, TimeKind]) -> Iterator[Timestamp]:
    for number, kind in kinds.items():
        record = found.get(number)
        if record is not None and record.type == 0x0040:
            raw, locator = _read(heap, record, nid)
            description = Description.CREATION if number == _CREATED else Description.MODIFICATION
            yield stored_time(raw, kind, description, locator)


def _read(heap: Heap, record: Record, nid: int) -> tuple[bytes, Locator]:
    path = f"pst:node 0x{nid:x}/0x{record.id:04X}{record.type:04X}"
    place = value_of(heap, record)
    if place is None:
        return b"", Locator(path=path)
    raw = bytes_of(heap, place, _MOST_BYTES)
    if place.block < 0:
        return raw, Locator(path=path)
    return raw, heap.node.locator(place.block, place.start, min(place.end, place.start + len(raw)), path)


def _shown(raw: bytes, kind: int, codepage: int) -> str:
    if kind in (STRING8, STRING):
        return decoded(raw, kind, codepage)
    if kind in FIXED or kind == 0x0014:
        return str(int.from_bytes(raw, "little", signed=kind != 0x0003 or len(raw) != 4))
    return raw.hex()
