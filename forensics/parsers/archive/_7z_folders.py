"""The folders of a 7z archive with their places in the source, and the chains that unpack them.

Source: 7zFormat.txt of the 7-Zip sources.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from forensics.errors import Malformed
from forensics.parsers.archive._7z_chain import Chain, Node, tree
from forensics.parsers.archive._7z_header import Streams

_SLACK_BYTES = 1 << 16
"""What a filter may look ahead."""


class Placed(NamedTuple):
    """A folder and its packed streams."""

    number: int
    start: int
    end: int
    """Range of its packed streams in the source."""
    root: Node | None
    """Its coders; ``None``: they cannot be understood, for the reason of ``fault``."""
    fault: str
    beyond: int
    """Packed bytes that should stand behind the end of the source."""
    first: int
    """Its first stream."""
    ends: tuple[int, ...]
    """Where each of its streams ends in what it unpacks to."""
    crc: int | None
    crcs: tuple[int | None, ...]
    """Of each of its streams."""

    @property
    def size(self) -> int:
        """Bytes that it is stated to unpack to."""
        return self.root.size if self.root else 0

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return self.root is not None and Chain(self.root).encrypted

    def chain(self, most: int) -> Chain | None:
        """Return the chain for as many whole streams as *most* bytes hold; ``None``: not even one."""
        if self.root is None:
            return None
        whole = self.root.size if self.root.size <= most else max([end for end in self.ends if end <= most], default=0)
        if not whole and self.root.size:
            return None
        chain = Chain(_cut(self.root, whole, self.end - self.start) if whole < self.root.size else self.root)
        if not chain.encrypted:
            return chain
        if self.crc is not None and whole == self.root.size:
            return Chain(chain.root, self.crc, whole)
        # The first stream with bytes begins where the folder does.
        for end, crc in zip(self.ends, self.crcs, strict=True):
            if end:
                return Chain(chain.root, crc, end) if crc is not None else chain
        return chain


def _cut(root: Node, size: int, packed: int) -> Node:
    """Return coders that give the first bytes alone, and ask of those below them no more than that takes."""

    def less(node: Node, most: int) -> Node:
        inputs = [less(each, size + _SLACK_BYTES) if isinstance(each, Node) else each for each in node.inputs]
        return node._replace(size=min(node.size, max(most, packed)), inputs=tuple(inputs))

    return less(root, 0)._replace(size=size)


def placed(streams: Streams, base: int, size: int) -> tuple[Placed, ...]:
    """Return the folders in their order.

    Args:
        streams: what the header says.
        base: where places of packed streams count from.
        size: of the source.
    """
    found = []
    starts = [base + streams.position, *accumulate(streams.packed, initial=base + streams.position)][1:]
    pack = stream = 0
    for index, folder in enumerate(streams.folders):
        count = streams.counts[index]
        own = streams.packed[pack : pack + len(folder.packed)]
        start = starts[min(pack, len(starts) - 1)]
        root, fault = _tree(streams, index, own)
        sizes = streams.stream_sizes[stream : stream + count]
        beyond = max(0, min(sum(own), start + sum(own) - size))
        found.append(
            Placed(
                number=index,
                start=min(start, size),
                end=min(start + sum(own), size),
                root=root,
                fault=fault or ("its packed bytes lie in part behind the end of the file" if beyond else ""),
                beyond=beyond,
                first=stream,
                ends=tuple(accumulate(sizes)),
                crc=streams.crcs[index],
                crcs=streams.stream_crcs[stream : stream + count],
            )
        )
        pack += len(folder.packed)
        stream += count
    return tuple(found)


def _tree(streams: Streams, index: int, packed: Sequence[int]) -> tuple[Node | None, str]:
    folder = streams.folders[index]
    if len(packed) < len(folder.packed):
        return None, "the header lists fewer packed streams than its folders need"
    try:
        return tree(folder, streams.sizes[index], packed), ""
    except Malformed as error:
        return None, str(error)
