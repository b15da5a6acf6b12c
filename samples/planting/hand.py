"""The hand that plants: it draws clean mails, each for one plant at most, and keeps what becomes of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.keys import SigningKey
from samples.planting.operation import Operation, Plant


@dataclass(frozen=True)
class Entry:
    """One mail of the leak; without a label it is clean."""

    data: bytes
    origin: str = ""
    """Path of the clean mail that it is or stood for."""
    kind: str = ""
    """``taint``, ``sham``, ``sham_insert``, ``spam`` or ``honest``; empty: an untouched clean mail or file."""
    key: str = ""
    operation: str = ""
    cls: str = ""
    changed: str = ""
    donor: str = ""
    items: tuple[str, ...] = ()
    before: str = ""
    """Digest of the mail that was edited; empty for what was inserted."""
    suffix: str = ".eml"
    """How its name ends."""


@dataclass(frozen=True)
class Leak:
    """All mails, and how many plants each operation still lacks."""

    entries: tuple[Entry, ...]
    lacking: dict[str, int]
    keys: tuple[SigningKey, ...] = ()
    """Keys that stood in DNS when planted mails were signed anew."""


class Hand:
    """Draws mails, each for one plant at most."""

    def __init__(self, archive: Archive, rng: Random) -> None:
        self.archive, self.rng = archive, rng
        self.free = list(archive.mails)
        rng.shuffle(self.free)
        self.entries = {mail.path: Entry(mail.data, mail.path) for mail in archive.mails}
        self.added: list[Entry] = []
        self.unfit: dict[tuple[str, bool], set[str]] = {}
        self.done: dict[tuple[str, bool], int] = {}
        self.keys: set[SigningKey] = set()

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
            if made is None or (wanted and made.cls != wanted) or not self._take(made):
                unfit.add(mail.path)
                passed.append(mail)
                continue
            self._enter(mail, made, operation, sham)
            done += 1
        self.free += passed[::-1]
        return count - done

    def plant_alike(self, operation: Operation, count: int) -> int:
        """Plant an operation with the same text or name on mails of one list near in time; return how many lack."""
        free = [mail for mail in self.free if mail.date is not None]
        if not free:
            return count
        drawn, seed = self.rng.choice(free), self.rng.getrandbits(64)
        alike = [mail for mail in free if mail.list_id == drawn.list_id]
        for mail in sorted(alike, key=lambda one: (_apart(one, drawn), one.path)):
            made = operation.plant(mail, self.archive, Random(seed), False) if count else None
            if made is not None:
                self.free.remove(mail)
                self._enter(mail, made, operation, sham=False)
                count -= 1
        return count

    def _take(self, made: Plant) -> bool:
        """Take the further mails of an edit, if all of them are free."""
        others = {path for path, _ in made.also}
        found = [mail for mail in self.free if mail.path in others] if others else []
        if len(found) < len(others):
            return False
        for mail in found:
            self.free.remove(mail)
        return True

    def _enter(self, mail: Stored, made: Plant, operation: Operation, sham: bool) -> None:
        self.done[operation.id, sham] = number = self.done.get((operation.id, sham), -1) + 1
        key = f"{operation.id}/{number}"
        label = Entry(made.data, mail.path, "taint", key, operation.id, made.cls, made.changed)
        label = replace(label, items=tuple([sha256(item).hexdigest() for item in made.items]))
        self.keys.update(made.keys)
        if sham:
            label = replace(label, kind="sham", key=f"sham {key}", cls="", changed="", items=())
        if made.kind == "edit":
            for path, data in ((mail.path, made.data), *made.also):
                before = sha256(self.entries[path].data).hexdigest()
                self.entries[path] = replace(label, data=data, origin=path, before=before)
        elif made.kind == "remove":
            self.entries.pop(mail.path)
            self.added.append(replace(label, origin=""))
        else:
            for data in (made.data, *made.more):
                self.added.append(replace(label, data=data, origin="", donor=made.donor))

    def leak(self, lacking: dict[str, int]) -> Leak:
        """Return all mails, clean ones among them."""
        lacks = {name: count for name, count in lacking.items() if count}
        return Leak((*self.entries.values(), *self.added), lacks, tuple(self.keys))


def _apart(mail: Stored, other: Stored) -> timedelta:
    return timedelta.max if mail.date is None or other.date is None else abs(mail.date - other.date)
