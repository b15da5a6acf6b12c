"""A clean folder of files: Office documents and compound files, and what a planter asks of each."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from random import Random

import olefile

from samples.planting.files.package import Package
from samples.planting.mime import Unfit

KINDS = {".docx": "word", ".xlsx": "excel", ".pptx": "powerpoint", ".doc": "compound"}
"""What is read, by the ending of its name; a file must hold what its name says."""
MOST_BYTES = 4_000_000
"""Of one file; a larger one is passed over."""
_MAIN = {"word": "word/document.xml", "excel": "xl/workbook.xml", "powerpoint": "ppt/presentation.xml"}
_APPLICATION = re.compile(rb"<Application>Microsoft (?:Office |Macintosh )?(?:Word|Excel|PowerPoint)</Application>")
_OFFICE = b"\x2d\0"
"""Version made by of what Office packs: 4.5 on host 0."""
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_SHARE = 20
"""Of one top folder at most one file in so many of those that are drawn."""


@dataclass(frozen=True)
class File:
    """One clean file."""

    path: str
    data: bytes
    kind: str
    """``word``, ``excel``, ``powerpoint``: a package; ``compound``: a Word file in a compound file."""

    @property
    def suffix(self) -> str:
        """Return how its name ends."""
        return next(suffix for suffix, kind in KINDS.items() if kind == self.kind)

    @cached_property
    def package(self) -> Package:
        """Its members.

        Raises:
            Unfit: it is no package, or one that is not read.
        """
        return Package.read(self.data)

    @cached_property
    def office(self) -> bool:
        """Whether desktop Office packed every member of it and is named as the program."""
        try:
            marked = all(member.central[4:6] == _OFFICE for member in self.package.members)
            return marked and _APPLICATION.search(self.package.content("docProps/app.xml")) is not None
        except Unfit:
            return False

    def text(self, name: str) -> str:
        """Return a part as text.

        Raises:
            Unfit: there is none, or it is not in UTF-8.
        """
        try:
            return self.package.content(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unfit(f"{name} is not in UTF-8") from error

    def parts(self, pattern: str) -> list[str]:
        """Return the names of the parts that match, in their order; none of what is no package."""
        try:
            return [member.name for member in self.package.members if re.fullmatch(pattern, member.name)]
        except Unfit:
            return []

    def core(self, element: str) -> str:
        """Return a value of the core properties (``dcterms:created``); empty if there is none."""
        try:
            found = re.search(rf"<{element}(?:\s[^>]*)?>([^<]*)</{element}>", self.text("docProps/core.xml"))
        except Unfit:
            return ""
        return found[1] if found else ""

    @cached_property
    def created(self) -> datetime | None:
        """When it says that it was made."""
        return _stamp(self.core("dcterms:created"))

    @cached_property
    def modified(self) -> datetime | None:
        """When it says that it was last saved."""
        return _stamp(self.core("dcterms:modified"))

    @property
    def author(self) -> str:
        """Return whom it names as its author."""
        return self.core("dc:creator")


@dataclass(frozen=True)
class Folder:
    """The files that may be drawn."""

    files: tuple[File, ...]
    skipped: int = 0

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """Who is named as author, each once, in order."""
        names = [file.author for file in self.files]
        return tuple(dict.fromkeys([name for name in names if re.fullmatch(r"[^<>&]{4,40}", name)]))

    def beside(self, file: File) -> list[File]:
        """Return the other files of its top folder."""
        return [other for other in self.files if top(other.path) == top(file.path) and other is not file]


def top(path: str) -> str:
    """Return the top folder of a path; empty where it lies in none."""
    return path.partition("/")[0] if "/" in path else ""


def read(path: Path, most: int, rng: Random) -> Folder:
    """Read a folder, or so many of its files, in a seeded order and none twice.

    Args:
        path: the folder.
        most: files to draw, few of one top folder; 0: all.
        rng: chooses them.
    """
    found = sorted(_listed(path), key=lambda name: sha256(name.encode()).digest())
    rng.shuffle(found)
    held: dict[str, int] = {}
    seen: set[bytes] = set()
    files: list[File] = []
    skipped = 0
    for name in found:
        if most and len(files) >= most:
            break
        if most and held.get(top(name), 0) >= max(1, most // _SHARE):
            continue
        file = _read(path, name)
        digest = sha256(file.data).digest() if file else b""
        if file is None or digest in seen:
            skipped += 1
            continue
        seen.add(digest)
        held[top(name)] = held.get(top(name), 0) + 1
        files.append(file)
    return Folder(tuple(sorted(files, key=lambda file: file.path)), skipped)


def _listed(path: Path) -> Iterator[str]:
    for file in path.rglob("*"):
        if file.suffix.lower() in KINDS and file.is_file() and file.stat().st_size <= MOST_BYTES:
            yield file.relative_to(path).as_posix()


def _read(path: Path, name: str) -> File | None:
    """Return a file; ``None``: it does not hold what its name says."""
    file = File(name, (path / name).read_bytes(), KINDS[Path(name).suffix.lower()])
    if file.kind != "compound":
        return file if file.parts(re.escape(_MAIN[file.kind])) else None
    if not olefile.isOleFile(file.data):
        return None
    try:
        with olefile.OleFileIO(io.BytesIO(file.data)) as held:
            return file if held.exists("WordDocument") else None
    except (OSError, ValueError, IndexError):
        return None


def _stamp(text: str) -> datetime | None:
    found = _STAMP.match(text)
    try:
        return datetime.fromisoformat(found[0]).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def authors_but(folder: Folder, names: Iterable[str]) -> Sequence[str]:
    """Return the authors of a folder that are none of these."""
    kept = set(names)
    return [name for name in folder.authors if name not in kept]
