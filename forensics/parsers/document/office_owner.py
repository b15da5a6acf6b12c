"""Owner files of Office (``~$report.docx``): who has a document open, by the user name of the program.

Office makes one beside each document that it opens for editing and deletes it at the end; one that is left shows that
a document of that name was open there. It is two fields: the name in the system's code page behind its length, and in
UTF-16 behind its length; what follows a name may be left of a longer one before it.

Source: no specification; files of 162 bytes by Word and of 165 by Excel and PowerPoint.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location, Locator
from forensics.parsers import Yielded

FORMAT = Format(
    id="office_owner",
    title="Owner file of Office",
    media_types=("application/x-ms-office-owner",),
    extensions=(),
)
SIZES = (162, 165)
_FILLING = b" \0"


class _Names(NamedTuple):
    """Where the two names stand, and what the wide one says."""

    narrow: tuple[int, int]
    wide: tuple[int, int]
    half: int
    """First byte of the second field."""
    user: str


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it has the size of one, and two names of which each is the other's."""
    return source.size in SIZES and _names(head) is not None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the name in both fields, and what an earlier name left behind it.

    Raises:
        Malformed: it is none.
    """
    from forensics.errors import Malformed
    from forensics.parsers._gathering import Gathering

    data = source.read(0, min(source.size, SIZES[-1]))
    names = _names(data) if len(data) in SIZES else None
    if names is None:
        raise Malformed("not readable as an owner file of Office")
    gathering = Gathering("owner")
    for name, (start, end), value in (
        ("owner.user_narrow", names.narrow, data[slice(*names.narrow)].decode("latin-1")),
        ("owner.user", names.wide, names.user),
    ):
        gathering.add_fact(name, value, Locator(path=name, ranges=((start, end),)), data[start:end])
    for start, end, charset in ((names.narrow[1], names.half, "latin-1"), (names.wide[1], len(data), "utf-16-le")):
        if data[start:end].strip(_FILLING):
            place = Locator(path="owner.left_behind", ranges=((start, end),))
            gathering.add_fact("owner.left_behind", data[start:end].decode(charset, "replace"), place, data[start:end])
    yield from gathering.notices
    yield gathering.facts(FORMAT.id)


def _names(data: bytes) -> _Names | None:
    """Return the two names; ``None``: there are none, or not of one user."""
    if len(data) not in SIZES:
        return None
    half = len(data) // 3
    narrow, wide = data[0], int.from_bytes(data[half : half + 2], "little")
    if not 0 < narrow < half or not 0 < wide <= narrow or half + 2 + 2 * wide > len(data):
        return None
    ends = 1 + narrow, half + 2 + 2 * wide
    user = data[half + 2 : ends[1]].decode("utf-16-le", "replace")
    if not user.isprintable() or "\ufffd" in user:
        return None
    first = data[1 : ends[0]]
    if user.isascii() and first != user.encode("ascii"):
        return None
    return _Names((1, ends[0]), (half + 2, ends[1]), half, user)
