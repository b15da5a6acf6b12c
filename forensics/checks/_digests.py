"""What rules on lists of checksums share: digests of files that no table has, and which files no list names."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from forensics.errors import IntakeError, IntegrityError
from forensics.model.contents import ContentReader
from forensics.model.locations import Location

MOST_BYTES = 50_000_000
"""Of a file that is read again for its digest."""
MOST_ALL = 1_000_000_000
"""Of all such files together."""
_MADE: Mapping[str, Callable[..., Any]] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_ENDINGS = (".md5", ".sha1", ".sha256", ".sha512", ".sfv", ".asc", ".sig", ".gpg")
_WORDS = ("sums", "checksum", "manifest", "bagit.txt", "bag-info")
_KEPT = frozenset((".ds_store", "thumbs.db", "desktop.ini"))


def computed(algorithm: str, data: bytes) -> str:
    """Return the digest of bytes in hexadecimal digits."""
    if algorithm == "crc32":
        return f"{zlib.crc32(data):08x}"
    digest: str = _MADE[algorithm](data, usedforsecurity=False).hexdigest()
    return digest


def with_other_line_ends(data: bytes) -> tuple[bytes, ...]:
    """Return a text with the line ends of Unix and with those of Windows."""
    plain = data.replace(b"\r\n", b"\n")
    return plain, plain.replace(b"\n", b"\r\n")


def keeps_itself(path: str) -> bool:
    """Whether a file is one that systems write, change and leave out when a folder is shown or copied."""
    name = path.rpartition("/")[2].rpartition(" > ")[2].lower()
    return name in _KEPT or name.startswith("._")


def is_list(name: str) -> bool:
    """Whether a file is such a list itself, its signature, or what tools keep beside it: no list names these."""
    small = name.lower()
    return small.endswith(_ENDINGS) or any(word in small for word in _WORDS)


class FileDigests:
    """Digests of files; those that no table has are computed from the source, as far as it is at hand.

    Args:
        contents: reads files again; ``None``: no source is at hand.
    """

    def __init__(self, contents: ContentReader | None) -> None:
        self._contents = contents
        self._left = MOST_ALL

    def of(self, algorithm: str, sha256: str, location: Location | None, size: int) -> str:
        """Return the digest of a file by an algorithm; empty where it is not known."""
        if algorithm == "sha256":
            return sha256
        data = self.read(sha256, location, size)
        return "" if data is None else computed(algorithm, data)

    def read(self, sha256: str, location: Location | None, size: int) -> bytes | None:
        """Return the bytes of a file, if it was read, is not too large, and its source is at hand."""
        if self._contents is None or location is None or not sha256 or size > min(MOST_BYTES, self._left):
            return None
        self._left -= size
        try:
            return self._contents.read(location)
        except (IntakeError, IntegrityError):
            return None
