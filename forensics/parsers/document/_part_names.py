"""Names of package parts: what the target of a relationship leads to, and one spelling for equal names.

Source: ECMA-376 part 2 (OPC) 6.2.2 (part names), 6.5.3.4 (targets), 9.3 (resolving references); RFC 3986 5.2.4.
"""

import re
from urllib.parse import unquote_to_bytes

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_INSIDE = frozenset({"file", "pack"})
"""Schemes of targets whose path some writers mean to be counted from the package's root."""


def resolved(target: str) -> bytes | None:
    """Return the name of the part that a target of the package's own relationships leads to, as `plain` writes it.

    Args:
        target: as written: relative or absolute, percent-encoded or not, with backslashes, as a ``file:`` or ``pack:``
            URI.

    Returns:
        ``None`` where the target is a place outside the package, or no name at all.
    """
    path = re.split(r"[?#]", target.strip(), maxsplit=1)[0].replace("\\", "/")
    scheme = _SCHEME.match(path)
    if scheme is not None:
        if scheme[1].lower() not in _INSIDE:
            return None
        path = path[scheme.end() :]
        if path.startswith("//"):
            path = path[2:].partition("/")[2]  # the authority: a host, or the package itself
    return plain(path.encode("utf-8", "surrogatepass")) or None


def plain(name: bytes) -> bytes:
    """Return the spelling of a part name that all equal ones share: OPC compares them without regard to case."""
    segments: list[bytes] = []
    for segment in unquote_to_bytes(name).replace(b"\\", b"/").split(b"/"):
        if segment == b"..":
            del segments[-1:]
        elif segment not in (b"", b"."):
            segments.append(segment)
    return b"/".join(segments).lower()
