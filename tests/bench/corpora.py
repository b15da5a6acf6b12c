"""Corpora of named sizes, built from archives of clean lists: the same archives give the same bytes everywhere.

    python -m tests.bench.corpora OUT signed unsigned large n10k n100k [--clean DIR]

DIR holds the archives (``list-*.tar.xz``, one mail a member), by default ``corpora/clean`` of the real input that lies
beside the checkout. ``OUT/NAME`` gets folders of 5,000 mails each.

signed: the first 4,500 of linux-hyperv by name, nine in ten with DKIM.
unsigned: the first 4,500 of linux-mips, linux-nvdimm and openbmc without DKIM, ARC or X-Google signature.
large: every mail of 25 to 100 kB, and copies of them, 4,345 in all.
n10k, n100k, n1m and the like: so many mails of all four lists, in whole threads; from the second copy of the lists on
they are renewed (``renewing.py``).
"""

import argparse
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

from tests.bench.processes import ROOT
from tests.bench.renewing import Renewer

HYPERV, OTHERS = "list-linux-hyperv", ("list-linux-mips", "list-linux-nvdimm", "list-openbmc")
MOST, MOST_LARGE = 4_500, 4_345
IN_A_FOLDER = 5_000
_SMALLEST, _LARGEST = 25_000, 100_000
_SIGNATURE = re.compile(rb"(?im)^(?:DKIM-Signature|ARC-[\w-]+|X-Google-DKIM-Signature):")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_REFERENCES = re.compile(rb"(?im)^References:\s*<([^<>\s]+)>")
_REPLY = re.compile(rb"(?im)^In-Reply-To:[^<]*<([^<>\s]+)>")
_OWN = re.compile(rb"(?im)^Message-ID:\s*<([^<>\s]+)>")
_GROWN = re.compile(r"n(\d+)(k|m)")
_THOUSANDS = {"k": 1_000, "m": 1_000_000}


class Lists:
    """The mails of the clean archives, in the order of their names."""

    def __init__(self, clean: Path) -> None:
        """Take the folder of the archives."""
        self._clean = clean
        self._read: dict[str, list[bytes]] = {}

    def mails(self, *names: str) -> list[bytes]:
        """Return all mails of some lists."""
        return [mail for name in names for mail in self._of(name)]

    def _of(self, name: str) -> list[bytes]:
        if name not in self._read:
            with tarfile.open(self._clean / f"{name}.tar.xz") as archive:
                found = {
                    member.name: (archive.extractfile(member) or sys.exit(member.name)).read()
                    for member in archive
                    if member.name.endswith(".eml")
                }
            self._read[name] = [found[path] for path in sorted(found)]
        return self._read[name]


def signed(lists: Lists) -> Iterator[bytes]:
    """Yield the first mails of a list whose senders sign."""
    return islice(lists.mails(HYPERV), MOST)


def unsigned(lists: Lists) -> Iterator[bytes]:
    """Yield the first mails without any signature."""
    return islice((mail for mail in lists.mails(*OTHERS) if not _SIGNATURE.search(_header(mail))), MOST)


def large(lists: Lists) -> Iterator[bytes]:
    """Yield the large mails of all lists."""
    mails = [mail for mail in lists.mails(HYPERV, *OTHERS) if _SMALLEST <= len(mail) <= _LARGEST]
    return islice(_copies(mails), MOST_LARGE)


def grown(lists: Lists, number: int) -> Iterator[bytes]:
    """Yield whole copies of all lists, and of the last copy whole threads, up to a number of mails."""
    mails = lists.mails(HYPERV, *OTHERS)
    whole, rest = divmod(number, len(mails))
    yield from islice(_copies(mails), whole * len(mails))
    chosen = sorted(range(len(mails)), key=lambda place: (sha256(_thread(mails[place])).digest(), place))[:rest]
    renew = Renewer(whole).mail
    yield from (renew(mails[place]) if whole else mails[place] for place in sorted(chosen))


def _copies(mails: list[bytes]) -> Iterator[bytes]:
    """Yield all mails as they are, then all of copy 1, and so on without end."""
    yield from mails
    for copy in count(1):
        yield from map(Renewer(copy).mail, mails)


def _header(mail: bytes) -> bytes:
    return _HEADER_END.split(mail, maxsplit=1)[0]


def _thread(mail: bytes) -> bytes:
    """Return the id of the mail that began the thread."""
    header = _header(mail)
    found = _REFERENCES.search(header) or _REPLY.search(header) or _OWN.search(header)
    return found[1] if found else mail


def write(mails: Iterable[bytes], folder: Path) -> int:
    """Write mails as files below a new folder; return how many they are."""
    number = 0
    for number, mail in enumerate(mails, start=1):
        below = folder / f"{(number - 1) // IN_A_FOLDER:03}"
        if (number - 1) % IN_A_FOLDER == 0:
            below.mkdir(parents=True)
        (below / f"{number:07}.eml").write_bytes(mail)
    return number


def size_of(name: str) -> int:
    """Return how many mails a grown corpus holds by its name; 0: it is none."""
    found = _GROWN.fullmatch(name)
    return int(found[1]) * _THOUSANDS[found[2]] if found else 0


def grown_names(corpora: Path) -> list[tuple[str, int]]:
    """Return the grown corpora of a folder with their sizes, smallest first."""
    sizes = [(path.name, size_of(path.name)) for path in corpora.iterdir() if path.is_dir() and size_of(path.name)]
    return sorted(sizes, key=lambda one: one[1])


def build(name: str, lists: Lists) -> Iterator[bytes]:
    """Yield the mails of a corpus by its name."""
    if size_of(name):
        return grown(lists, size_of(name))
    return {"signed": signed, "unsigned": unsigned, "large": large}[name](lists)


def main() -> None:
    """Build what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.corpora", description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="+", metavar="NAME", help="signed, unsigned, large, n10k, n100k, n1m")
    parser.add_argument("--clean", type=Path, default=ROOT.parent / "shared" / "corpora" / "clean")
    asked = parser.parse_args()
    lists = Lists(asked.clean)
    for name in asked.names:
        number = write(build(name, lists), asked.out / name)
        sys.stdout.write(f"{name}: {number:,} mails\n")


if __name__ == "__main__":
    main()
