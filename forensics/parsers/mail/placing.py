"""Facts read of bytes that were laid out anew, with the places of these bytes put back."""

from abc import ABC, abstractmethod
from types import NoneType
from typing import TypeVar, cast

import msgspec

from forensics.model.locations import Locator
from forensics.model.mail import HeaderField

_PLAIN = frozenset((str, int, bytes, bool, float, NoneType))
"""Types of values that hold no place."""
T = TypeVar("T")


class Placing(ABC):
    """Walks through facts; who derives from it knows where a range of the laid out bytes really stands."""

    @abstractmethod
    def locator(self, found: Locator) -> Locator:
        """Return a place as it is in the item."""

    @abstractmethod
    def field(self, found: HeaderField) -> HeaderField:
        """Return a header field with its place in the item."""

    def whole_struct(self, found: msgspec.Struct) -> msgspec.Struct | None:
        """Return a struct that is placed in a way of its own; ``None``: field by field."""
        return None

    def further(self, found: msgspec.Struct) -> dict[str, object]:
        """Return fields of a struct that are places and no locators."""
        return {}

    def placed(self, found: T) -> T:
        """Return facts with their places in the item."""
        return cast("T", self._placed(found))

    def _placed(self, found: object) -> object:
        if type(found) in _PLAIN:
            return found
        if isinstance(found, tuple):
            return tuple([self._placed(one) for one in found])
        if isinstance(found, Locator):
            return self.locator(found)
        if isinstance(found, HeaderField):
            return self.field(found)
        if not isinstance(found, msgspec.Struct):
            return found
        own = self.whole_struct(found)
        if own is not None:
            return own
        changed: dict[str, object] = {}
        for name in found.__struct_fields__:
            value = getattr(found, name)
            if type(value) not in _PLAIN and (other := self._placed(value)) is not value:
                changed[name] = other
        changed |= self.further(found)
        return msgspec.structs.replace(found, **changed) if changed else found
