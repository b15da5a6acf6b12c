"""Leaks with known taints: which mails are planted, by which operation, among what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.converter import converted
from samples.planting.operation import Operation, Plant
from samples.planting.operations import OPERATIONS

LOW = 3
HIGH = ("O-01", "O-02", "O-15")
HIGH_MOST = 300
INSERTS_PER_PLANT = 3
"""Sham inserts for each plant that an operation is asked for."""
SPAM_SHARE = 0.1
_TRIED = 200
"""Mails on which every operation is tried first, so that those that seldom suit are planted first."""


@dataclass(frozen=True)
class Entry:
    """One mail of the leak; without a label it is clean."""

    data: bytes
    origin: str = ""
    """Path of the clean mail that it is or stood for."""
    kind: str = ""
    """``taint``, ``sham``, ``sham_insert`` or ``spam``; empty: an untouched clean mail."""
    key: str = ""
    operation: str = ""
    cls: str = ""
    changed: str = ""
    donor: str = ""
    items: tuple[str, ...] = ()
    before: str = ""
    """Digest of the mail that was edited; empty for what was inserted."""


@dataclass(frozen=True)
class Leak:
    """All mails, and how many plants each operation still lacks."""

    entries: tuple[Entry, ...]
    lacking: dict[str, int]


class _Hand:
    """Draws mails, each for one plant at most."""

    def __init__(self, archive: Archive, rng: Random) -> None:
        self.archive, self.rng = archive, rng
        self.free = list(archive.mails)
        rng.shuffle(self.free)
        self.entries = {mail.path: Entry(mail.data, mail.path) for mail in archive.mails}
        self.added: list[Entry] = []
        self.unfit: dict[tuple[str, bool], set[str]] = {}
        self.done: dict[tuple[str, bool], int] = {}

    def held_out(self, count: int) -> None:
        """Take clean mails out and insert them again as a forger inserts theirs."""
        for number, mail in enumerate(self.free[:count]):
            self.entries.pop(mail.path)
            self.added.append(Entry(mail.data, kind="sham_insert", key=f"insert/{number}"))
        self.free = self.free[count:]

    def plant(self, operation: Operation, count: int, *, sham: bool = False, wanted: str = "") -> int:
        """Plant an operation on as many mails; return how many are lacking. *wanted*: only plants of this class."""
        unfit = self.unfit.setdefault((operation.id, sham), set())
        done, passed = 0, []
        while self.free and done < count:
            mail = self.free.pop()
            made = None if mail.path in unfit else operation.plant(mail, self.archive, self.rng, sham)
            if made is None or (wanted and made.cls != wanted):
                unfit.add(mail.path)
                passed.append(mail)
                continue
            self.done[operation.id, sham] = number = self.done.get((operation.id, sham), -1) + 1
            self._enter(mail, made, operation, f"{operation.id}/{number}", sham)
            done += 1
        self.free += passed[::-1]
        return count - done

    def _enter(self, mail: Stored, made: Plant, operation: Operation, key: str, sham: bool) -> None:
        label = Entry(made.data, mail.path, "taint", key, operation.id, made.cls, made.changed)
        before = sha256(mail.data).hexdigest() if made.kind == "edit" else ""
        label = replace(label, items=tuple([sha256(item).hexdigest() for item in made.items]), before=before)
        if sham:
            self.entries[mail.path] = replace(label, kind="sham", key=f"sham {key}", cls="", changed="", items=())
        elif made.kind == "edit":
            self.entries[mail.path] = label
        elif made.kind == "remove":
            self.entries.pop(mail.path)
            self.added.append(replace(label, origin=""))
        else:
            for data in (made.data, *made.more):
                self.added.append(replace(label, data=data, origin="", donor=made.donor))

    def leak(self, lacking: dict[str, int]) -> Leak:
        """Return all mails, clean ones among them."""
        return Leak((*self.entries.values(), *self.added), {name: count for name, count in lacking.items() if count})


def operations(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Plant each operation, with one sham beside every plant that edits, and sham inserts."""
    hand = _Hand(archive, rng)
    hand.held_out(INSERTS_PER_PLANT * per_op)
    lacking = dict.fromkeys([operation.id for operation in OPERATIONS], per_op)
    # One of each in turn, so that operations that suit the same few mails share them.
    ordered = _rarest_first(archive, hand.free[:_TRIED])
    for _ in range(per_op):
        for operation in ordered:
            if not hand.plant(operation, 1):
                lacking[operation.id] -= 1
                hand.plant(operation, 1, sham=True)
    return hand.leak(lacking)


def _rarest_first(archive: Archive, mails: Sequence[Stored]) -> list[Operation]:
    suits = {
        operation.id: sum(operation.plant(mail, archive, Random(0), False) is not None for mail in mails)
        for operation in OPERATIONS
    }
    return sorted(OPERATIONS, key=lambda operation: suits[operation.id])


def low(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Plant three operations once each, where the archive can show it."""
    hand = _Hand(archive, rng)
    lacking = {op.id: hand.plant(op, 1, wanted="D") for op in rng.sample(OPERATIONS, len(OPERATIONS))[:LOW]}
    missing = sum(lacking.values())
    return low(archive, rng, per_op) if missing else hand.leak({})


def high(archive: Archive, rng: Random, per_op: int) -> Leak:
    """One hand changes a tenth of the archive, 300 mails at most, and writes each with one tool."""
    hand = _Hand(archive, rng)
    most = min(HIGH_MOST, len(archive.mails) // 10)
    chosen = [operation for operation in OPERATIONS if operation.id in HIGH]
    lacking = {operation.id: hand.plant(operation, most // len(chosen)) for operation in chosen}
    for path, entry in hand.entries.items():
        if entry.kind:
            hand.entries[path] = replace(entry, data=converted(entry.data, rng))
    return hand.leak(lacking)


def conversion(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Write every mail anew with one tool; nothing is tainted (O-55 as an innocent cause)."""
    return Leak(tuple([Entry(converted(mail.data, rng), mail.path) for mail in archive.mails]), {})


def mixed(archive: Archive, rng: Random, per_op: int, spam: Sequence[Stored] = ()) -> Leak:
    """As ``operations``, with spam as one tenth of the mails; it counts as clean."""
    leak = operations(archive, rng, per_op)
    count = min(len(spam), round(len(leak.entries) * SPAM_SHARE / (1 - SPAM_SHARE)))
    drawn = rng.sample(list(spam), count)
    added = [Entry(mail.data, kind="spam", key=f"spam/{number}") for number, mail in enumerate(drawn)]
    return Leak((*leak.entries, *added), leak.lacking)


SCENARIOS: dict[str, Callable[[Archive, Random, int], Leak]] = {
    "ops": operations,
    "low": low,
    "high": high,
    "conversion": conversion,
}
"""Scenarios of one archive; ``mixed`` needs spam too."""
