"""Which package of an office document a zip is, by the names of its members."""

from collections.abc import Iterable

from forensics.model.byte_sources import ByteSource

CONTENT_TYPES = b"[Content_Types].xml"
_LOCAL = b"PK\x03\x04"
_DIRECTORY_BYTES = 4_000_000
"""How much of the zip directory is looked at to recognize a package; office packages have some kilobytes."""
_CENTRAL = b"pk\x01\x02"  # of a directory in lower case
_CENTRAL_BYTES = 46


def holds(source: ByteSource, names: Iterable[bytes]) -> bool:
    """Whether the zip directory of *source* lists members of all these names, in any case."""
    from forensics.parsers.archive._zip_end import find_end

    end = find_end(source, [])
    if end is None:
        return False
    limit = min(end.directory_limit, end.directory_start + _DIRECTORY_BYTES)
    data = source.read(end.directory_start, limit).lower()
    return all(_lists(data, name.lower()) for name in names)


def _lists(directory: bytes, name: bytes) -> bool:
    at = directory.find(name)
    while at >= 0:
        entry = directory[max(0, at - _CENTRAL_BYTES) : at]
        if entry.startswith(_CENTRAL) and int.from_bytes(entry[28:30], "little") == len(name):
            return True
        at = directory.find(name, at + 1)
    return False


def first_name(head: bytes) -> bytes:
    """Return the name in the local header that opens *head*; empty if none does."""
    if not head.startswith(_LOCAL):
        return b""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]
