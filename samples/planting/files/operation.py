"""What an operation does to a file, and the facts of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from samples.planting.files.folder import File, Folder
from samples.planting.files.package import Marks
from samples.planting.mime import Unfit


@dataclass(frozen=True)
class FilePlant:
    """One planted taint, sham or honest edit."""

    data: bytes
    cls: str
    """Whether this file, or the archive, alone can show it: D (yes), P (partly), N (not without outside)."""
    changed: str
    """What was and what is."""
    kind: str = "edit"
    """``edit`` takes the place of the file, ``insert`` stands beside it."""
    suffix: str = ""
    """How its name ends; empty: as that of the clean file."""
    items: tuple[bytes, ...] = ()
    """What is inside and changed, decoded."""
    takes: tuple[str, ...] = ()
    """Paths of clean files that move into it and lie in the folder no more."""


Made = Callable[[File, Folder, Random, bool], FilePlant | None]
"""Makes a plant of a clean file, or a sham if the flag says so; ``None``, or `Unfit`: the file does not suit it."""


@dataclass(frozen=True)
class FileOperation:
    """A way to taint a file, or an honest way to handle it."""

    id: str
    title: str
    rows: tuple[int, ...]
    """Rows of the knowledge base's table of operations on files that it stands for; none: an honest edit."""
    made: Made
    kinds: tuple[str, ...]
    """Files that it suits, by kind."""
    office: bool = True
    """Whether only a package suits it that desktop Office wrote."""
    by: str = ""
    """Name of a program that it needs and that takes seconds for each file; empty: none."""
    alike: bool = False
    """Whether it is done to the files of one top folder as far as they last: what a server does, it does to all."""

    def plant(self, file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
        """Return the plant; ``None``: the file does not suit it."""
        if file.kind not in self.kinds or (self.office and file.kind != "compound" and not file.office):
            return None
        try:
            made = self.made(file, folder, rng, sham)
        except Unfit:
            return None
        return made if made is not None and (made.suffix or made.data != file.data) else None


PACKAGES = ("word", "excel", "powerpoint")


def later(file: File, rng: Random) -> datetime:
    """Return a time of some days after the last save, when somebody handles the file: local, without a zone."""
    base = file.modified or file.created
    at = datetime(2016, 5, 9) if base is None else base.replace(tzinfo=None)  # noqa: DTZ001
    return max(at, datetime(2000, 1, 1)) + timedelta(days=rng.randrange(3, 200), seconds=2 * rng.randrange(20_000))  # noqa: DTZ001


def patched(file: File, part: str, text: str, changed: str, cls: str, marks: Marks = Marks.OWN) -> FilePlant:
    """Return a plant in which one part has another text, and nothing else differs."""
    return FilePlant(file.package.holding(part, text.encode(), marks).encode(), cls, changed)
