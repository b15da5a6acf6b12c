"""What became of each byte of each source, computed from the places of its items and from what is recorded of each.

Every item has a layer of bytes. Those in which no item inside stands are its own: they are unread or left alone as it
is, or read but for what its notices declare and what is padding. An item inside has the bytes that it is stored in, and
what these are is what its own layer is: byte by byte where it is stored as it is, in proportion where it was decoded,
rounded so that what was not read never vanishes. What a decoder picked from all over a layer, as a message from a
store, has no range there: all such items together take as many bytes as they have themselves, of those that the layer's
own item neither left unread nor calls padding. So each layer has as many bytes in accounts as it has, and so has the
file.

The places of a source are read in the order of their texts, which begins with what stands inside an item and ends with
the item: memory holds what is open, not the case.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

import msgspec

from forensics.model.accounts import AccountLine, AccountShare, AccountSums, Kind, State
from forensics.model.items import Status
from forensics.model.locations import Location, Step
from forensics.model.rows.numbers import MOST
from forensics.model.rows.occurrences import AccountRow

_COPY = "copy/1"
_LOST = {Status.UNREAD: State.UNREAD, Status.SKIPPED: State.SKIPPED}
_locations = msgspec.json.Decoder(Location)


class Place(Protocol):
    """One place of an item, as table ``occurrences`` has it."""

    @property
    def location(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def extension_type(self) -> str: ...  # noqa: D102
    @property
    def accounts(self) -> list[AccountRow] | None: ...  # noqa: D102


class _Key(NamedTuple):
    """What bytes have in common that are told together."""

    state: State
    reason: str
    media_type: str


_BETWEEN = _Key(State.PARSED, "", "")
"""Bytes of a layer that is no item, beside the items in it: they are those of the item around it."""

_Tally = dict[_Key, int]
"""Bytes of one layer, or of a range of one."""


class _Node:
    """A step of a location: an item, or a layer between two, while what stands inside is met.

    Attributes:
        step: the step.
        place: of the item; ``None`` as long as none is met here.
        picked: what became of the bytes of items inside that stand nowhere in particular.
    """

    __slots__ = ("_ends", "_starts", "_tallies", "picked", "place", "step")

    def __init__(self, step: Step) -> None:
        self.step = step
        self.place: Place | None = None
        self.picked: _Tally = {}
        self._starts, self._ends = array("q"), array("q")
        self._tallies: list[_Key | _Tally] = []

    @property
    def reach(self) -> int:
        """Where the last item inside ends."""
        return max(self._ends, default=0)

    def add(self, step: Step, tally: _Tally) -> None:
        """Take an item inside; what is alike in all its bytes, as in most mails, costs no table."""
        self._starts.append(min(step.start, MOST))
        self._ends.append(min(step.end, MOST))
        self._tallies.append(next(iter(tally)) if len(tally) == 1 else tally)

    def inside(self) -> Iterator[tuple[int, int, _Tally]]:
        """Yield the items inside by their beginnings, of those with the same the longest first."""
        starts, ends = self._starts, self._ends
        for n in sorted(range(len(starts)), key=lambda n: (starts[n], -ends[n])):
            tally = self._tallies[n]
            yield starts[n], ends[n], {tally: ends[n] - starts[n]} if isinstance(tally, _Key) else tally


class _Account:
    """The account of one source while its places are met.

    Attributes:
        whole: of all its files.
        items: how many items there are of each kind of bytes.
        files: that were met.
        size: bytes of these.
        shared: bytes that more than one item claims.
        excess: bytes that notices declare and that are not there.
        unrecorded: items of which nobody wrote down how much was read.
    """

    def __init__(self) -> None:
        self.whole: _Tally = {}
        self.items: dict[_Key, int] = {}
        self.files = self.size = self.shared = self.excess = self.unrecorded = 0
        self._open: list[_Node] = []
        self._keys: dict[_Key, _Key] = {}

    def take(self, place: Place) -> None:
        """Take the next place, in the order of the texts of locations."""
        steps = _locations.decode(place.location).steps
        depth = 0
        for node, step in zip(self._open, steps, strict=False):
            if node.step != step:
                break
            depth += 1
        self._close(depth)
        self._open += [_Node(step) for step in steps[depth:]]
        self._open[-1].place = place

    def end(self) -> None:
        """Close what is open."""
        self._close(0)

    def _close(self, depth: int) -> None:
        while len(self._open) > depth:
            node = self._open.pop()
            layer = self._layer(node, file=not self._open)
            if self._open and _picks(node.step):
                self._pick(node, layer, self._open[-1].picked)
            elif self._open:
                self._open[-1].add(node.step, self._stored(node, layer))
            else:
                self.files += 1
                self.size += sum(layer.values())
                _add(self.whole, layer)

    def _layer(self, node: _Node, *, file: bool) -> _Tally:
        """Return what became of the bytes of a layer."""
        place, step = node.place, node.step
        if place is not None:
            size = place.size
        else:
            size = step.end - step.start if step.decoder == _COPY else node.reach
        layer: _Tally = {}
        at = 0
        for start, end, tally in node.inside():
            taken = max(0, min(end, size) - max(start, at))
            self.shared += max(0, end - start) - taken
            _add(layer, _shared_out(tally, taken))
            at = max(at, end)
        own = size - sum(layer.values())
        if place is not None:
            self._own(layer, place, own, node.picked)
            return layer
        own -= _take(layer, node.picked, own)
        if own:
            key = self._key(State.UNREAD) if file else _BETWEEN  # a range of the file is still to be read
            layer[key] = layer.get(key, 0) + own
        return layer

    def _own(self, layer: _Tally, place: Place, own: int, picked: _Tally) -> None:
        """Add the bytes of an item in which no item inside stands, and of these what items took that were picked."""
        own += layer.pop(_BETWEEN, 0)
        lost = _LOST.get(Status(place.status))
        if lost is not None:
            own -= _take(layer, picked, own)
            self._count(layer, self._key(lost, place.reason, _type(place)), own)
            return
        rows: Iterable[AccountRow] = place.accounts or ()
        if place.accounts is None and place.status == Status.PARTIAL:
            self.unrecorded += 1
            rows = (AccountRow(kind=Kind.UNREAD, reason=place.reason, size=own),)
        for kind, state in ((Kind.UNREAD, State.PARTIAL), (Kind.PADDING, State.PADDING)):
            own -= self._declared(layer, place, rows, kind, state, own)
        own -= _take(layer, picked, own)
        self._count(layer, self._key(State.PARSED, "", _type(place)), own)

    def _declared(
        self, layer: _Tally, place: Place, rows: Iterable[AccountRow], kind: Kind, state: State, most: int
    ) -> int:
        """Add the bytes that are declared to be of a kind, as far as there are so many; return how many."""
        left = most
        for row in rows:
            if row.kind == kind:
                size = min(row.size, left)
                self.excess += row.size - size
                left -= size
                self._count(layer, self._key(state, row.reason, _type(place)), size)
        return most - left

    def _pick(self, node: _Node, layer: _Tally, into: _Tally) -> None:
        """Add an item that was picked, with what it lacks of what its container has."""
        _add(into, layer)
        if node.place is not None and node.place.accounts:
            most = max(0, node.step.end - node.step.start)
            self._declared(into, node.place, node.place.accounts, Kind.STORED, State.PARTIAL, most)

    def _stored(self, node: _Node, layer: _Tally) -> _Tally:
        """Return what became of the bytes in which an item is stored."""
        place, size = node.place, max(0, node.step.end - node.step.start)
        stored: _Tally = {}
        if place is not None and place.accounts:
            size -= self._declared(stored, place, place.accounts, Kind.STORED, State.PARTIAL, size)
        if not stored:
            return _shared_out(layer, size)
        _add(stored, _shared_out(layer, size))
        return stored

    def _key(self, state: State, reason: str = "", media_type: str = "") -> _Key:
        key = _Key(state, reason, media_type)
        return self._keys.setdefault(key, key)

    def _count(self, tally: _Tally, key: _Key, size: int) -> None:
        """Add bytes, and the item that they stand in."""
        tally[key] = tally.get(key, 0) + size
        self.items[key] = self.items.get(key, 0) + 1


def account_of(source: str, places: Iterable[Place], size: int | None = None) -> AccountLine:
    """Return the account of a source.

    Args:
        source: its label.
        places: of all its items, in the order of the JSON texts of their locations.
        size: of its files, where that is known otherwise.
    """
    account = _Account()
    for place in places:
        account.take(place)
    account.end()
    states = dict.fromkeys(State, 0)
    for key, held in account.whole.items():
        states[key.state] += held
    size = account.size if size is None else size
    shares = [
        AccountShare(
            state=key.state,
            reason=key.reason,
            media_type=key.media_type,
            items=account.items.get(key, 0),
            size=account.whole.get(key, 0),
        )
        for key in account.whole.keys() | account.items.keys()
    ]
    return AccountLine(
        source=source,
        files=account.files,
        size=size,
        sums=AccountSums(**{str(state): held for state, held in states.items()}),
        difference=sum(states.values()) - size,
        shared=account.shared,
        excess=account.excess,
        unrecorded=account.unrecorded,
        shares=tuple(sorted(shares, key=lambda share: (-share.size, -share.items, *_named(share)))),
    )


def _named(share: AccountShare) -> tuple[str, str, str]:
    return share.state, share.reason, share.media_type


def _picks(step: Step) -> bool:
    """Whether a decoder picked an item from all of a layer: it is told which one, and the range is no place of it."""
    return ":" in step.decoder and not step.start


def _take(layer: _Tally, picked: _Tally, most: int) -> int:
    """Add items that were picked, as far as a layer has bytes for them; return how many they took."""
    taken = min(sum(picked.values()), most)
    _add(layer, _shared_out(picked, taken) if taken else {})
    return taken


def _type(place: Place) -> str:
    """Return what an item is, else what its name says."""
    return place.media_type or place.extension_type


def _add(to: _Tally, tally: Mapping[_Key, int]) -> None:
    for key, size in tally.items():
        if size:
            to[key] = to.get(key, 0) + size


def _shared_out(tally: _Tally, size: int) -> _Tally:
    """Return *size* bytes in the proportions of a tally; the sum is exact, and what was not read is rounded up."""
    of = sum(tally.values())
    if of == size:
        return tally
    if len(tally) == 1:
        return dict.fromkeys(tally, size)
    found: _Tally = {}
    left = size
    for key, value in sorted(tally.items(), key=lambda entry: (entry[0].state is State.PARSED, entry[1], entry[0])):
        part = -(-left * value // of) if of else left  # nothing at all, stored in some bytes
        found[key] = part
        left -= part
        of -= value
    return found
