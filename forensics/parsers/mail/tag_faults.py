"""What is wrong with the tag list of a signature: a verifier that follows the standard refuses what has a fault.

Source: RFC 6376 3.2, 3.5, 6.1.1; RFC 8617 4.1.2, 4.1.3.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from forensics.parsers.mail.tag_lists import WHITE, Tag

FAULTS = (
    "repeated_tag",
    "empty_tag",
    "malformed_tag",
    "missing_tag",
    "unexpected_tag",
    "unknown_version",
    "malformed_value",
)
"""Closed list: a name stands twice; nothing stands between two semicolons; a tag lacks its equals sign, or its name is
none; a tag that the kind must have is not there; a seal names fields or states a body hash; ``v=`` is not 1; a number,
base64, canonicalization, domain, selector or ``cv=`` is none."""

_MANDATORY = {
    "dkim": (b"v", b"a", b"b", b"bh", b"d", b"h", b"s"),
    "google": (b"v", b"a", b"b", b"bh", b"d", b"h", b"s"),
    "ams": (b"i", b"a", b"b", b"bh", b"d", b"h", b"s"),
    "as": (b"i", b"a", b"b", b"cv", b"d", b"s"),
}
_VERSIONED = frozenset(("dkim", "google"))
_NEVER_IN_SEAL = frozenset((b"h", b"bh"))
_NUMBERS = {
    "dkim": (b"t", b"x", b"l"),
    "google": (b"t", b"x", b"l"),
    "ams": (b"i", b"t", b"x", b"l"),
    "as": (b"i", b"t", b"x"),
}
_CHAINS = frozenset((b"none", b"pass", b"fail"))
_FILLED = (b"a", b"b", b"bh", b"c", b"d", b"s")
_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9_]*")


def of_list(
    kind: str, body: bytes, tags: Sequence[Tag], found: Mapping[bytes, bytes], *, malformed: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of all tags, in order with their repeats, and the faults, in the order of `FAULTS`.

    Args:
        kind: of the signature.
        body: of its field.
        tags: those of the body.
        found: the value of each name.
        malformed: whether its canonicalization or its base64 is known to be none.
    """
    ordered = tuple(found) if len(found) == len(tags) else tuple([tag.name for tag in tags])
    names, faults = _of_names(kind, ordered)
    others: tuple[str, ...] = ()
    if (missing := body.count(b";") + 1 - len(tags)) and (missing > 1 or not _ends(body)):
        others = _of_pieces(body)
    if malformed or _is_malformed(kind, found):
        others += ("malformed_value",)
    if kind in _VERSIONED and found.get(b"v", b"1") != b"1":
        others += ("unknown_version",)
    return names, tuple([fault for fault in FAULTS if fault in faults or fault in others]) if others else faults


@lru_cache(4096)
def _of_names(kind: str, names: tuple[bytes, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names as text, and the faults that they show; most signers always write the same."""
    named = frozenset(names)
    faults = {
        "repeated_tag": len(named) < len(names),
        "malformed_tag": not all(_NAME.fullmatch(name) for name in named),
        "missing_tag": not named.issuperset(_MANDATORY[kind]),
        "unexpected_tag": kind == "as" and not named.isdisjoint(_NEVER_IN_SEAL),
    }
    return tuple([name.decode("utf-8", "replace") for name in names]), tuple([one for one in FAULTS if faults.get(one)])


def _of_pieces(body: bytes) -> tuple[str, ...]:
    """Return the faults of what stands between semicolons and is no tag."""
    *pieces, last = [piece.strip(WHITE) if b"=" not in piece else b"=" for piece in body.split(b";")]
    malformed = any(piece not in (b"", b"=") for piece in (*pieces, last))
    return ("empty_tag",) * (b"" in pieces) + ("malformed_tag",) * malformed


def _is_malformed(kind: str, found: Mapping[bytes, bytes]) -> bool:
    """Whether a number is none, what must say something is empty, or ``cv=`` is none of its three words."""
    for name in _NUMBERS[kind]:
        if name in found and not found[name].isdigit():
            return True
    if b"" in found.values() and any(found.get(name) == b"" for name in _FILLED):
        return True
    return kind == "as" and found.get(b"cv", b"none").lower() not in _CHAINS


def _ends(body: bytes) -> bool:
    """Whether the last semicolon ends the list."""
    return not body[body.rfind(b";") + 1 :].strip(WHITE)
