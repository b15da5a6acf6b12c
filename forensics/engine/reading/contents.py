"""What a work unit knows of the contents it has read: each is parsed once, and its copies are told from it."""

from collections.abc import Iterator

import msgspec

from forensics.engine.reading.state import COPIED_NOTICES, Entry, Known, Reading
from forensics.model.items import Notice
from forensics.model.locations import Location

KEPT = 20_000
"""Items inside contents that a work unit keeps for copies, some kilobyte each; copies of others are decoded again."""


class Listing(msgspec.Struct):
    """The items inside a content that is being read."""

    inside: list[Entry] | None
    """Places relative to the content; ``None`` once they cannot all be kept."""
    steps: int
    """Length of the content's own location."""
    cuts: int
    """How often the budget had cut something short before."""


class Contents:
    """The contents of one work unit."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._passed: dict[str, Known] = {}
        self._room = KEPT
        self._file = 0
        self._cuts = 0

    def __contains__(self, sha256: str) -> bool:
        """Whether a content has been read."""
        return sha256 in self._known

    def all(self) -> Iterator[tuple[str, Known]]:
        """Yield every content once: those that were read in the order in which they ended, then the others."""
        yield from self._known.items()
        yield from [(sha256, known) for sha256, known in self._passed.items() if sha256 not in self._known]

    def next_file(self) -> None:
        """Begin another source file, with a budget of its own."""
        self._file += 1

    def cut(self) -> None:
        """Take note that the budget of the source file cut something short."""
        self._cuts += 1

    def of(self, sha256: str) -> Known | None:
        """Return what is known of a content; ``None`` if it has to be read, for the first time or again."""
        known = self._known.get(sha256) if sha256 else None
        if known is None or known.file in (0, self._file):
            if known is not None and known.file:
                self.cut()
            return known
        return None

    def recorded(self, sha256: str) -> bool:
        """Whether the facts of a content have been recorded: a parser has read it."""
        known = self._known.get(sha256)
        return known is not None and known.named is None

    def open(self, entry: Entry) -> Listing:
        """Begin to read a content."""
        return Listing(inside=[], steps=len(entry.location.steps), cuts=self._cuts)

    def take(self, listing: Listing, inside: Entry) -> None:
        """Keep an item that was found and read inside the content."""
        if listing.inside is None:
            return
        known = self._known.get(inside.sha256)
        if self._room <= 0 or (inside.sha256 and not _lasts(known, inside)):
            self._room += len(listing.inside)
            listing.inside = None
            return
        self._room -= 1
        place = Location(inside.location.steps[listing.steps :])
        listing.inside.append(msgspec.structs.replace(inside, source=None, location=place))

    def close(self, entry: Entry, reading: Reading, listing: Listing | None) -> None:
        """Keep what reading a content gave, before anything that its place adds."""
        if not entry.sha256 or (reading.named and entry.sha256 in self._known):
            return
        notices = tuple(reading.notices[:COPIED_NOTICES])
        more = len(reading.notices) - len(notices)
        if more:
            notices += (
                Notice(code="engine.copies", text=f"{more} more notices stand at another place of this content"),
            )
        inside = listing.inside if listing else None
        self._known[entry.sha256] = Known(
            size=entry.size,
            parser=reading.parser,
            media_type=reading.media_type,
            status=reading.status,
            reason=reading.reason,
            message=reading.message,
            mail=reading.mail,
            notices=notices,
            children=reading.children,
            left=reading.left,
            inside=tuple(inside) if inside is not None else None,
            named=reading.named,
            file=self._file if listing and listing.cuts != self._cuts else 0,
        )

    def pass_over(self, entry: Entry, reading: Reading) -> None:
        """Take a content that is left unread for its place; it has a row if no other place has it read."""
        if entry.sha256 and entry.sha256 not in self._known:
            self._passed.setdefault(
                entry.sha256,
                Known(
                    size=entry.size,
                    parser="",
                    media_type="",
                    status=reading.status,
                    reason=reading.reason,
                    message=False,
                    mail=0,
                    notices=(),
                    children=False,
                    left=0,
                    inside=None,
                ),
            )


def _lasts(known: Known | None, inside: Entry) -> bool:
    """Whether a copy of an item can be told without its bytes: not if it was left at that place alone, for one."""
    return known is not None and known.tells(inside) and not (known.children and known.inside is None)


def moved(inside: Entry, into: Entry, *, message: bool) -> Entry:
    """Return an item kept from one copy of a content as it stands in another.

    Args:
        inside: as it was kept.
        into: the other copy.
        message: whether the content is a mail.
    """
    return msgspec.structs.replace(
        inside,
        location=Location((*into.location.steps, *inside.location.steps)),
        depth=into.depth + 1,
        message=into.sha256 if message else into.message,
    )
