"""Which bytes of a store nothing uses.

Source: [MS-PST] 2.2.2.7.2 to 2.2.2.7.5 on the maps, at fixed places.
"""

from forensics.model.items import Padding
from forensics.parsers.store._pst_header import HEADER_BYTES
from forensics.parsers.store._pst_layout import Form, span
from forensics.parsers.store._pst_store import Store

_EXTRA_FROM = 128
"""Allocation maps for which the header itself has the free space; then a page for each `_EXTRA_EACH` of them."""
_EXTRA_EACH = 496


def free_space(store: Store) -> list[Padding]:
    """Return how much of a store is free: what neither its header, its maps, its trees nor its blocks take.

    What lies behind the stated end of the store is not counted. The nodes have been walked over before.
    """
    size = min(store.source.size, store.header.end)
    used = min(store.layout.first_map, size) + _map_bytes(store, size)
    for _, entry in store.block_tree.entries():
        if entry[1] < size:
            used += min(span(store.layout, entry[2]), size - entry[1])
    used += (store.node_tree.pages + store.block_tree.pages) * store.layout.page_bytes
    free = max(0, size - used)
    lead = max(0, min(store.layout.first_map, size) - HEADER_BYTES)
    # Between the header and the first map lies the list of dense pages, and nothing else.
    return [Padding(size=amount, what="free") for amount in (free, lead - min(lead, store.layout.page_bytes)) if amount]


def _map_bytes(store: Store, size: int) -> int:
    layout = store.layout
    maps = max(0, -(-(size - layout.first_map) // layout.map_bytes))
    pages = maps
    if layout.form is not Form.LARGE:
        extra = max(0, maps - _EXTRA_FROM)
        pages += -(-maps // 8) + -(-extra // _EXTRA_EACH) + -(-extra // (8 * _EXTRA_EACH))
    return pages * layout.page_bytes
