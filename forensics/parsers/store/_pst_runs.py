"""Runs of messages of a large store, which can be read one without the other.

A store has no order in its bytes: blocks of one message lie anywhere. So the bytes are shared out among the runs by the
messages in them, which is all that accounts and limits need.
"""

from collections.abc import Sequence

from forensics.errors import ParseError
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Range
from forensics.parsers.store._pst_store import ASSOCIATED, MESSAGE, Store

CUT_BYTES = 4_000_000
"""A smaller store is read whole."""
RUN_MESSAGES = 500


def runs(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return the runs of a store, by the numbers of its messages; none where it is read whole.

    Args:
        source: the store.
        limits: a store that might reach one of them is read whole.
    """
    if source.size < CUT_BYTES:
        return ()
    try:
        store = Store(source)
    except ParseError:
        return ()
    firsts: list[int] = []
    count = 0
    for nid, _ in store.node_tree.entries():
        if nid & 0x1F in (MESSAGE, ASSOCIATED):
            if count % RUN_MESSAGES == 0:
                firsts.append(nid)
            count += 1
    if len(firsts) < 2 or store.odd.taken() or count > Budget(limits, source.size).items_total:
        return ()
    bounds = [index * RUN_MESSAGES * source.size // count for index in range(len(firsts))] + [source.size]
    return [
        Range(start=bounds[index], end=bounds[index + 1], ordinal=index * RUN_MESSAGES, entry=first)
        for index, first in enumerate(firsts)
    ]
