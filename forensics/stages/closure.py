"""Which files of this package a module can import, and their digest: what a result depends on beside its input.

Computed from the files, never listed by hand: the imports of a module wherever in it they stand, the ``__init__`` of
every package on the way, and the tables in a module's own folder that it names. What is imported by a name that is only
known at run time (rules, explainers, parsers) is a root of its own, which the caller gives.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from forensics.errors import CheckError

_NAME = "forensics"
_NAMES = re.compile(rb"forensics([\w.]*) import (\([^)]*\)|[^\n]*)")
_MODULE = re.compile(rb"import forensics([\w.]*)()")
"""These also match where an import is only talked about: a file too many is harmless, one too few is not. They are two,
since what begins with fixed letters is found several times as fast."""
_TYPES_ONLY = re.compile(rb"^if TYPE_CHECKING:\n(?:[ \t]+[^\n]*\n|\n)*", re.MULTILINE)
_WORD = re.compile(rb"\w+")
_TABLES = (".csv", ".toml")


class _File(NamedTuple):
    """A file as it was read: its digest and the files that it needs."""

    digest: str
    needs: tuple[str, ...]


class Code:
    """The files of a package, each read once; they are named by their paths below it.

    Args:
        folder: of the package ``forensics``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, _File] = {}
        self._modules: dict[str, str] = {}
        self._runs: dict[str, tuple[str, ...]] = {}
        self._tables: dict[str, list[str]] = {}
        for path, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            below = Path(path).relative_to(folder).as_posix()
            for name in names:
                self._place("" if below == "." else f"{below}/", name)

    def _place(self, below: str, name: str) -> None:
        if name.endswith(".py"):
            parts = f"{below}{name}".removesuffix(".py").removesuffix("__init__").strip("/").split("/")
            self._modules[".".join([_NAME, *filter(None, parts)])] = f"{below}{name}"
        elif name.endswith(_TABLES):
            self._tables.setdefault(below, []).append(name)

    def files(self, roots: Iterable[str]) -> tuple[str, ...]:
        """Return every file that modules can import or read as a table, sorted.

        Args:
            roots: dotted names of modules.

        Raises:
            CheckError: there is no such module.
        """
        left: list[str] = []
        for root in roots:
            if root not in self._modules:
                raise CheckError(f"no module {root!r} in this package")
            left += self._run_by(root)
        found: set[str] = set()
        while left:
            file = left.pop()
            if file not in found:
                found.add(file)
                left += self._file(file).needs
        return tuple(sorted(found))

    def digest(self, roots: Iterable[str]) -> str:
        """Return the digest of all that `files` names."""
        listing = [f"{self._file(file).digest}  {file}\n" for file in self.files(roots)]
        return hashlib.sha256("".join(listing).encode("ascii")).hexdigest()

    def _file(self, file: str) -> _File:
        if file not in self._read:
            data = (self._folder / file).read_bytes()
            needs = {*self._imported(data), *self._named_tables(file, data)} if file.endswith(".py") else ()
            self._read[file] = _File(hashlib.sha256(data).hexdigest(), tuple(needs))
        return self._read[file]

    def _imported(self, data: bytes) -> Iterator[str]:
        if b"TYPE_CHECKING" in data:
            data = _TYPES_ONLY.sub(b"", data)
        for module, names in (*_NAMES.findall(data), *_MODULE.findall(data)):
            base = f"{_NAME}{module.decode('ascii')}"
            yield from self._run_by(base)
            for name in _WORD.findall(names):
                # A name in a module is no module, but one in a package may be.
                if (submodule := self._modules.get(f"{base}.{name.decode('ascii')}")) is not None:
                    yield submodule

    def _run_by(self, module: str) -> tuple[str, ...]:
        """Return the files that an import runs: of every package on the way, and the module's own."""
        if module not in self._runs:
            parts = module.split(".")
            names = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
            self._runs[module] = tuple([self._modules[name] for name in names if name in self._modules])
        return self._runs[module]

    def _named_tables(self, file: str, data: bytes) -> Iterator[str]:
        """Yield the tables in a module's folder of which it names the file, without its ending too, or the folder."""
        folder = file[: file.rfind("/") + 1]
        for below, tables in self._tables.items():
            if below == folder:
                named = [name for name in tables if _quotes(data, name) or _quotes(data, name.rpartition(".")[0])]
                yield from [f"{below}{name}" for name in named]
            elif below.startswith(folder) and _quotes(data, below[len(folder) : -1]):
                yield from [f"{below}{name}" for name in tables]


def _quotes(data: bytes, name: str) -> bool:
    return f'"{name}"'.encode("ascii") in data


@cache
def own_code() -> Code:
    """Return the files of this very package."""
    return Code(Path(__file__).parents[1])
