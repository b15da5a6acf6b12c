"""BLAKE2sp, the hash that RAR 5 may keep of a file: eight BLAKE2s side by side, and one over what they give.

Source: the BLAKE2 paper, section 2.10; technote.txt of RAR 5.
"""

import hashlib

_LANES, _BLOCK = 8, 64
_STRIPE = _LANES * _BLOCK


class Blake2sp:
    """A running hash."""

    def __init__(self) -> None:
        self._lanes = [
            hashlib.blake2s(
                fanout=_LANES, depth=2, inner_size=32, node_offset=place, node_depth=0, last_node=place == _LANES - 1
            )
            for place in range(_LANES)
        ]
        self._held = b""

    def update(self, data: bytes) -> None:
        """Take bytes."""
        data = self._held + data
        whole = len(data) - len(data) % _STRIPE
        self._feed(memoryview(data)[:whole])
        self._held = data[whole:]

    def _feed(self, data: memoryview) -> None:
        for place, lane in enumerate(self._lanes):
            starts = range(place * _BLOCK, len(data), _STRIPE)
            lane.update(b"".join([data[start : start + _BLOCK] for start in starts]))

    def digest(self) -> bytes:
        """Return the hash."""
        self._feed(memoryview(self._held))
        self._held = b""
        root = hashlib.blake2s(fanout=_LANES, depth=2, inner_size=32, node_depth=1, last_node=True)
        for lane in self._lanes:
            root.update(lane.digest())
        return root.digest()
