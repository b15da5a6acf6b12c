"""How code that works on tables reads an item's bytes again."""

from typing import Protocol

from forensics.model.comparing import ComparedItem, Comparison
from forensics.model.locations import Location, Locator


class ContentReader(Protocol):
    """Reads from the sources again what a location names; the digest of every layer on the way is compared."""

    def read(self, location: Location, locator: Locator | None = None) -> bytes:
        """Return the bytes of an item, or of a place in it.

        Args:
            location: of the item.
            locator: its ranges are returned, joined; where it names none, the whole layer that its steps lead to.

        Raises:
            IntegrityError: the source is not what was scanned, or a range lies outside its layer.
            IntakeError: the source is not at hand, cannot be read, or gives more than is read at once.
        """

    def difference(self, one: ComparedItem, other: ComparedItem, sizes: tuple[int, int]) -> Comparison:
        """Return what differs between two items, as a process of its own finds it.

        Args:
            one: an item.
            other: another.
            sizes: bytes of each, which say how long that may take.

        Raises:
            ForensicsError: one cannot be read, is not as it was scanned, or the process ended over them.
        """
