"""The hand that plants in files: it draws clean files, each for one operation at most; and the scenario of files."""

import shutil
from hashlib import sha256
from random import Random

from samples.planting.files.folder import File, Folder, top
from samples.planting.files.operation import FileOperation, FilePlant
from samples.planting.files.operations import HONEST, OPERATIONS
from samples.planting.hand import Entry, Leak

_TRIED = 60
"""Files on which every operation is tried first, so that those that seldom suit are planted first."""

_SHARE = 10
"""One file in so many at most is handled by a server."""


class FileHand:
    """Draws files, each for one plant at most."""

    def __init__(self, folder: Folder, rng: Random) -> None:
        self.folder, self.rng = folder, rng
        self.free = list(folder.files)
        rng.shuffle(self.free)
        self.entries = {file.path: Entry(file.data, file.path, suffix=file.suffix) for file in folder.files}
        self.added: list[Entry] = []
        self._unfit: set[tuple[str, bool, str]] = set()
        self._done: dict[tuple[str, str], int] = {}

    def plant(self, operation: FileOperation, kind: str = "taint") -> bool:
        """Plant an operation on the next file that it suits, of each kind in turn.

        Args:
            operation: to plant.
            kind: ``taint``, ``sham`` or ``honest``.
        """
        turn = self._done.get((operation.id, kind), -1) + 1
        wanted = operation.kinds[turn % len(operation.kinds)]
        for file in sorted(self.free, key=lambda file: file.kind != wanted):
            if self._on(file, operation, kind):
                self.free.remove(file)
                return True
        return False

    def plant_alike(self, operation: FileOperation) -> int:
        """Do an honest edit to all files of one top folder, up to a share of all; return how many it suited."""
        count = max(1, len(self.folder.files) // _SHARE)
        folders: dict[str, list[File]] = {}
        for file in self.free:
            folders.setdefault(top(file.path), []).append(file)
        suited = 0
        # The fullest first: what a server does shows where it did it to many.
        for held in sorted(folders.values(), key=len, reverse=True):
            for file in held:
                if suited < count and self._on(file, operation, "honest"):
                    self.free.remove(file)
                    suited += 1
            if suited:
                break
        return suited

    def rarest_first(self) -> list[FileOperation]:
        """Return the operations by how many of the first files suit them.

        What takes seconds for each file is not tried, and suits many; it comes last.
        """
        tried = self.free[:_TRIED]
        quick = [operation for operation in OPERATIONS if not operation.by]
        slow = [operation for operation in OPERATIONS if operation.by and shutil.which(operation.by)]
        suits = {
            operation.id: sum(operation.plant(file, self.folder, Random(0), False) is not None for file in tried)
            for operation in quick
        }
        return [*sorted(quick, key=lambda operation: suits[operation.id]), *slow]

    def leak(self, lacking: dict[str, int]) -> Leak:
        """Return all files, clean ones among them."""
        lacks = {name: count for name, count in lacking.items() if count}
        return Leak((*self.entries.values(), *self.added), lacks)

    def _on(self, file: File, operation: FileOperation, kind: str) -> bool:
        sham = kind == "sham"
        tried = (operation.id, sham, file.path)
        if tried in self._unfit:
            return False
        made = operation.plant(file, self.folder, self.rng, sham)
        free = {one.path for one in self.free} if made is not None and made.takes else set[str]()
        if made is None or not free.issuperset(made.takes):
            self._unfit.add(tried)
            return False
        self.free = [one for one in self.free if one.path not in made.takes]
        for path in made.takes:
            del self.entries[path]
        self._enter(file, made, operation, kind)
        return True

    def _enter(self, file: File, made: FilePlant, operation: FileOperation, kind: str) -> None:
        number = self._done[operation.id, kind] = self._done.get((operation.id, kind), -1) + 1
        taint = kind == "taint"
        entry = Entry(
            made.data,
            kind=kind,
            key=f"{operation.id}/{number}" if taint else f"{kind} {operation.id}/{number}",
            operation=operation.id,
            cls=made.cls if taint else "",
            changed=made.changed if taint or kind == "honest" else "",
            items=tuple([sha256(item).hexdigest() for item in made.items]) if taint else (),
            origin=file.path if made.kind == "edit" else "",
            before=sha256(file.data).hexdigest() if made.kind == "edit" else "",
            suffix=made.suffix or file.suffix,
        )
        if made.kind == "edit":
            self.entries[file.path] = entry
        else:
            self.added.append(entry)


def left_out() -> dict[str, str]:
    """Return the operations and honest edits that need a program which is not installed, and which."""
    return {one.id: one.by for one in (*OPERATIONS, *HONEST) if one.by and shutil.which(one.by) is None}


def files(folder: Folder, rng: Random, per_op: int) -> Leak:
    """Plant each operation, a sham beside each edit that can have one, and as many honest edits of single files.

    Those that a server does are done to all files of one folder. What needs a program that is not installed is left
    out.
    """
    hand = FileHand(folder, rng)
    lacking: dict[str, int] = {}
    # Before others take single files of the folder that a server would have handled whole.
    honest = [operation for operation in HONEST if not operation.by or shutil.which(operation.by)]
    for operation in honest:
        if operation.alike:
            lacking[operation.id] = int(not hand.plant_alike(operation))
    ordered = hand.rarest_first()
    lacking |= {operation.id: per_op for operation in (*ordered, *honest) if not operation.alike}
    for _ in range(per_op):
        for operation in honest:
            if not operation.alike and hand.plant(operation, "honest"):
                lacking[operation.id] -= 1
        for operation in ordered:
            if hand.plant(operation):
                lacking[operation.id] -= 1
                hand.plant(operation, "sham")
    return hand.leak(lacking)
