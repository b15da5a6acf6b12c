"""Takes what a list names out of any value of the model, whatever it is made of."""

from enum import Enum
from typing import Any

import msgspec
from msgspec.structs import replace

from forensics.model.facts import Located
from forensics.model.findings import EvidenceBytes, ItemRef, Raw
from forensics.model.lines import Place
from forensics.model.locations import Location
from forensics.reader.sealing.items import SealedItems
from forensics.reader.sealing.words import HIDDEN, Words


class Cleaner:
    """Replaces listed addresses and domains in texts and bytes, and places that may not be named.

    Args:
        items: what may not be quoted.
        words: the addresses and domains of the list.
    """

    def __init__(self, items: SealedItems, words: Words) -> None:
        self._items, self._words = items, words

    def clean(self, value: Any) -> Any:
        """Return a value with every listed address and domain, and every place that may not be named, replaced."""
        if isinstance(value, str):
            return value if isinstance(value, Enum) else self._words.hidden(value)
        if isinstance(value, Location):
            return self._items.place(value)
        if isinstance(value, ItemRef):
            return self._ref(value)
        if isinstance(value, Place):
            return Place.of(self._items.place(Location(value.steps)))
        if isinstance(value, (Raw, Located)):
            return self._bytes(value)
        if isinstance(value, EvidenceBytes) and self._words.says(value.raw.b64 + value.context.b64):
            return self._evidence(value)
        if isinstance(value, msgspec.Struct):
            changed = {}
            for name in value.__struct_fields__:
                held = getattr(value, name)
                shown = self.clean(held)
                if shown is not held:
                    changed[name] = shown
            return replace(value, **changed) if changed else value
        if isinstance(value, tuple):
            shown = tuple([self.clean(one) for one in value])
            return value if all(one is other for one, other in zip(value, shown, strict=True)) else shown
        if isinstance(value, list):
            return [self.clean(one) for one in value]
        if isinstance(value, dict):
            return {key: self.clean(one) for key, one in value.items()}
        if isinstance(value, bytes):
            return b"" if self._words.says(value) else value
        return value

    def _ref(self, ref: ItemRef) -> ItemRef:
        """Return what names an item; it goes without its label where it, or what it stands in, may not be quoted."""
        location = self._items.place(ref.location)
        if location is ref.location and not self._items.seals(ref.sha256, location):
            label = self.clean(ref.label)
            return ref if label is ref.label else replace(ref, label=label)
        return replace(ref, location=location, label=None)

    def _bytes(self, value: Raw | Located) -> Raw | Located:
        if isinstance(value, Raw):
            return Raw(b64=b"", text=HIDDEN) if self._words.says(value.b64) else value
        shown = self._words.hidden(value.value)
        raw = b"" if shown != value.value or self._words.says(value.raw) else value.raw
        return value if (shown, raw) == (value.value, value.raw) else Located(shown, raw, value.locator)

    def _evidence(self, part: EvidenceBytes) -> EvidenceBytes:
        """Return a quoted fact that says a listed address: its bytes and what is around them go as a whole."""
        raw, context = self._bytes(part.raw), Raw(b64=b"", text="")
        assert isinstance(raw, Raw)
        item = replace(part.item, location=self._items.place(part.item.location))
        locator = replace(part.locator, path=self._words.hidden(part.locator.path))
        value = self._words.hidden(part.value)
        return replace(part, value=value, raw=raw, context=context, item=item, locator=locator)
