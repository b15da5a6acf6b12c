"""The messages of a store as child items, and what the store says beside them."""

import hashlib
from collections.abc import Iterator

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Timestamp
from forensics.model.items import Budget, ChildItem, Notice, Padding, ParseContext, Range
from forensics.model.locations import Locator, Step, StepKind
from forensics.parsers import Yielded
from forensics.parsers._bounded import over_budget
from forensics.parsers.store._pst_entries import listed
from forensics.parsers.store._pst_facts import Census, has_password, store_facts
from forensics.parsers.store._pst_folders import Folders
from forensics.parsers.store._pst_odd import Odd
from forensics.parsers.store._pst_runs import RUN_MESSAGES
from forensics.parsers.store._pst_space import free_space
from forensics.parsers.store._pst_store import (
    ASSOCIATED,
    ASSOCIATED_CONTENTS,
    CONTENTS,
    FOLDER,
    MESSAGE,
    Node,
    Store,
    StoreNode,
)
from forensics.parsers.store._pst_stream import WHOLE_BYTES, NodeStream, TooLarge, plan

AREA = "pst"
ITEM_FORMAT = "store.pst_message"
"""Of `PARSERS`: reads the stream of a node."""


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what a store says of itself and of its folders, then its messages.

    Raises:
        WrongFormat: it is none.
    """
    store = Store(source)
    folders = Folders(store)
    yield from _rest(store, folders)
    yield from _Messages(store, folders, context).between(0, None)


def read_run(source: ByteSource, part: Range, context: ParseContext) -> Iterator[Yielded]:
    """Yield the messages of a run."""
    store = Store(source)
    most = None if part.end == source.size else RUN_MESSAGES
    yield from _Messages(store, Folders(store), context).between(part.entry, most)


def read_rest(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what a store says of itself and of its folders."""
    store = Store(source)
    yield from _rest(store, Folders(store))


def _rest(store: Store, folders: Folders) -> Iterator[Yielded]:
    store.blocks.odd = store.odd
    census = Census(store)
    yield store_facts(store, folders, census, "mail.pst")
    odd = store.odd
    if has_password(folders):
        text = "the store has a password: a CRC-32 that programs ask for, nothing is encrypted by it"
        odd.add("pst.password", text, "pst:node 0x21/0x67FF0003")
    if census.more_folders:
        text = f"{census.more_folders} folders beyond the first {len(census.folders)} are not told of"
        odd.add("pst.folders", text, "pst:folders")
    _not_there(store, folders, census)
    yield from free_space(store)
    yield from _ends(store)
    yield from odd.taken()


def _not_there(store: Store, folders: Folders, census: Census) -> None:
    """Note the messages that tables list and that are not in the store, and tables that cannot be read."""
    for node in census.folders:
        if node.kind != FOLDER:
            continue
        for kind in (CONTENTS, ASSOCIATED_CONTENTS):
            nid = node.nid & ~0x1F | kind
            path = f"pst:node 0x{nid:x}"
            table = folders.table_of(nid)
            if table is None:
                store.odd.add("pst.table", f"the table 0x{nid:x} of a folder is not there, or cannot be read", path)
                continue
            missing = [one for one in table.ids() if not census.has(one)]
            if missing:
                text = (
                    f"{len(missing)} messages are listed in {folders.place(node.nid).path or 'the root'} and not there"
                )
                first = ", ".join([f"0x{one:x}" for one in missing[:5]])
                store.odd.add("pst.listed", f"{text}: {first}", path)


def _ends(store: Store) -> Iterator[Notice | Padding]:
    """Say where the store ends before or behind the end that it states."""
    size, end = store.source.size, store.header.end
    if size < end:
        text = f"{end - size} bytes of the store are missing: it states {end} bytes"
        yield Notice(code="pst.truncated", text=text, locator=Locator(path="pst:header/end"))
    elif size > end:
        for block in blocks(store.source, end, size):
            if block.strip(b"\0"):
                text = f"{size - end} bytes stand behind the end that the store states"
                yield Notice(
                    code="pst.trailing",
                    text=text,
                    locator=Locator(ranges=((end, size),), path="pst:end"),
                    unread=size - end,
                )
                return
        yield Padding(size=size - end, what="filler")


class _Messages:
    """Makes child items of a store's messages, within the limits of the source file."""

    def __init__(self, store: Store, folders: Folders, context: ParseContext) -> None:
        self._store = store
        self._folders = folders
        self._budget = context.budget or Budget(context.limits, store.source.size)

    def between(self, first: int, most: int | None) -> Iterator[ChildItem]:
        """Yield the messages from a number on, so many of them."""
        given = 0
        for nid, entry in self._store.node_tree.entries(first):
            if nid & 0x1F in (MESSAGE, ASSOCIATED):
                if given == most:
                    return
                given += 1
                yield self._child(Node(nid, *entry[1:4]))

    def _child(self, node: Node) -> ChildItem:
        store = self._store
        path = f"pst:node 0x{node.nid:x}"
        odd = store.blocks.odd = Odd()
        self._placed(node, path, odd)
        content, sha256, top = self._content(node, path, odd)
        times = self._listed(node, top, path, odd)
        place = self._folders.place(node.parent)
        step = Step(
            kind=StepKind.NODE,
            name=f"{place.path}/0x{node.nid:x}" if place.path else f"0x{node.nid:x}",
            start=0,
            end=store.source.size,
            decoder=f"pst-node/1:{self._named(node)}",
            sha256=sha256,
        )
        return ChildItem(step=step, content=content, times=times, notices=odd.taken(), format=ITEM_FORMAT, spent=True)

    def _named(self, node: Node) -> str:
        """Return by what a node is found again: its number, and blocks where a disordered tree has it elsewhere."""
        same = self._store.find(node.nid)
        found = same is not None and (same.data, same.below) == (node.data, node.below)
        return f"{node.nid:x}" if found else f"{node.nid:x}.{node.data:x}.{node.below:x}"

    def _content(self, node: Node, path: str, odd: Odd) -> tuple[bytes | ByteSource | None, str, StoreNode | None]:
        """Return the stream of a message with its digest, and its node; ``None`` where they cannot be had."""
        if self._store.encrypted:
            text = "its store is encrypted, and the key is not in it"
            odd.add("pst.encrypted", text, path, unread=sum([one.size for one in self._store.open(node).pieces]))
            return None, "", None
        try:
            planned = plan(self._store, node, self._budget.left)
            size = planned.size
        except TooLarge as error:
            planned, size = None, error.size
        if planned is None or not self._budget.spend(size):
            self._budget.spend(self._budget.left + 1)
            why = over_budget(AREA, self._budget, size)
            odd.add(why.code, str(why), path, unread=size)
            return None, "", None
        if not planned.own:
            text = f"its node has no data that can be read; {planned.missing} bytes are missing"
            odd.add("pst.no_data", text, path, unread=planned.missing)
            return None, "", None
        stream = NodeStream(self._store, planned)
        if size <= WHOLE_BYTES:
            content = b"".join(stream.stream())
            return content, hashlib.sha256(content).hexdigest(), planned.top
        digest = hashlib.sha256()
        for block in stream.stream():
            digest.update(block)
        return stream, digest.hexdigest(), planned.top

    def _placed(self, node: Node, path: str, odd: Odd) -> None:
        place = self._folders.place(node.parent)
        if not place.whole:
            text = f"no folder leads to it: its parent 0x{node.parent:x} is not in the store, or leads nowhere"
            odd.add("pst.no_folder", text, path)
        elif place.kept_as:
            code = {"deleted items": "pst.deleted_items", "recoverable items": "pst.recoverable_items"}[place.kept_as]
            odd.add(code, f"it stands in the folder for {place.kept_as}", path)

    def _listed(self, node: Node, top: StoreNode | None, path: str, odd: Odd) -> tuple[Timestamp, ...]:
        table = self._folders.table(node)
        if table is None:
            return ()
        at = table.at(node.nid)
        if at is None:
            odd.add("pst.not_listed", "the table of its folder does not list it", path)
            return ()
        if top is None:
            return ()
        row = f"pst:node 0x{node.parent:x}/row 0x{node.nid:x}"
        found = listed(table, at, top, row)
        if found is None:
            odd.add("pst.not_listed", "the row that the table of its folder lists for it is not there", path)
            return ()
        if found.differs:
            tags = ", ".join([f"0x{tag:08X}" for tag in found.differs[:20]])
            odd.add(
                "pst.row_differs", f"the table of its folder has other values of it than it has itself: {tags}", row
            )
        return found.times
