"""The texts of a message that is no MIME text itself: laid out as one, with the way back to the item's bytes."""

from typing import NamedTuple

from forensics.model.facts import Located
from forensics.model.texts import TextPart
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.placing import Placing
from forensics.parsers.mail.text_parts import text_parts_of


class PlacedBodies(NamedTuple):
    """Texts to read, and to cite.

    Attributes:
        bodies: the texts in what was laid out.
        placing: puts places in it back into the item; ``None``: it is the item.
    """

    bodies: Bodies
    placing: Placing | None = None

    def located(self, body: Body, value: str, place: tuple[bytes, int] | None) -> Located:
        """Return a value of a text at one of its places in the item; without bytes where these have none."""
        found = body.located(value, place)
        if self.placing is None:
            return found
        placed = self.placing.placed(found)
        return placed if placed.locator.ranges else Located(value, b"", placed.locator)

    def text_parts(self) -> tuple[TextPart, ...]:
        """Return what a reader is shown."""
        parts = text_parts_of(self.bodies)
        return parts if self.placing is None else self.placing.placed(parts)
