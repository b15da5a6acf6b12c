"""Facts of archives with very many members, kept to what one row of a case holds."""

from collections.abc import Sequence

from msgspec.structs import replace

from forensics.model.documents import ArchiveMember

ROW_BYTES = 180_000_000
"""About what the members of one archive may take in its row."""
_MEMBER, _FACT, _STEP = 260, 260, 260
"""What a member, one of its facts, and a step to that takes there."""


def lean(members: Sequence[ArchiveMember]) -> tuple[tuple[ArchiveMember, ...], str]:
    """Return the members with as many of their facts as fit, and in words what was left out; empty if nothing was.

    Their items keep every time.
    """
    kept, left_out = tuple(members), ""
    if _size(kept) > ROW_BYTES:
        kept = tuple([replace(member, said=()) for member in kept])
        left_out = "what their headers say beside times"
    if _size(kept) > ROW_BYTES:
        kept = tuple([replace(member, times=member.times[:1]) for member in kept])
        left_out += ", and all times but the first"
    return kept, left_out


def _size(members: Sequence[ArchiveMember]) -> int:
    total = 0
    for member in members:
        total += _MEMBER + len(member.name)
        locators = [stamp.locator for stamp in member.times] + [fact.locator for fact in member.said]
        total += sum([_FACT + _STEP * len(locator.steps) for locator in locators])
    return total
