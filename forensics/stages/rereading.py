"""Items that a stage reads again from their sources: what is not at hand, or makes it crash, is counted and told."""

from collections.abc import Iterator
from contextlib import contextmanager

from forensics.errors import ForensicsError, IntakeError, IntegrityError, Interrupted, NotRead, StorageFull
from forensics.model.comparing import ComparedItem, Comparison
from forensics.model.contents import ContentReader
from forensics.model.items import Notice
from forensics.model.locations import Location
from forensics.stages.running import fault, noted
from forensics.stages.stage import Write

COMPARING = "forensics.relations.comparing.contents"
"""What compares two items of any kind, wherever `Rereading.difference` has it done."""
MOST_LOST = 20
"""Pairs that may bring the process to its end which compares, a minute or more each, before no more are tried."""
UNREAD = "mails whose sources are not at hand or cannot be read"


class Rereading:
    """The items that one run of a stage reads again.

    Args:
        contents: reads them; ``None``: no source is at hand.
        write: takes the notices.
        unread: code of the notice on what could not be read.
        crashed: code of the notice on an item that made the stage crash.
        said: what is said behind the count of what could not be read.
    """

    def __init__(
        self, contents: ContentReader | None, write: Write, unread: str, crashed: str, said: str = UNREAD
    ) -> None:
        self._contents, self._write = contents, write
        self._code, self._crashed, self._said = unread, crashed, said
        self._unread: set[str] = set()
        self._lost = 0

    @property
    def spent(self) -> bool:
        """Whether so many pairs brought the process to its end that `difference` compares no more."""
        return self._lost >= MOST_LOST

    def read(self, location: Location) -> bytes | None:
        """Return an item's bytes; ``None`` where they are not those that were scanned."""
        try:
            if self._contents is None:
                raise IntakeError("no source is at hand")
            return self._contents.read(location)
        except (IntakeError, IntegrityError):
            self._unread.add(location.text)
            return None

    def difference(self, one: ComparedItem, other: ComparedItem, sizes: tuple[int, int]) -> Comparison | None:
        """Return what differs between two items; ``None`` where one cannot be read, or they cannot be compared."""
        try:
            if self._contents is None or self.spent:
                return None
            return self._contents.difference(one, other, sizes)
        except (Interrupted, StorageFull):
            raise
        except NotRead:
            self._lost += 1
        except ForensicsError:
            pass
        return None

    @contextmanager
    def guarded(self, location: Location) -> Iterator[None]:
        """Tell a crash: an item on which the stage crashes must not hide the others."""
        try:
            yield
        except (Interrupted, StorageFull):
            raise
        except Exception:  # noqa: BLE001  whatever it is
            self._write("notices", noted(fault(self._crashed, location.text)))

    @property
    def unread(self) -> int:
        """How many items could not be read."""
        return len(self._unread)

    def tell(self, *left_out: tuple[str, int, str]) -> None:
        """Write a notice on what could not be read, and on what else was left out: code, count, and what is said."""
        tell(self._write, (self._code, self.unread, self._said), *left_out)


def tell(write: Write, *left_out: tuple[str, int, str]) -> None:
    """Write a notice for each kind of what was left out: code, count, and what is said; none for what was not."""
    for code, count, said in left_out:
        if count:
            write("notices", noted(Notice(code=code, text=f"{count:,} {said}")))
