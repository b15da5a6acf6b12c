"""Properties of a message, recipient or attachment as a store keeps them, each with its bytes and place.

Source: [MS-OXCDATA] 2.11 on types and values, [MS-OXPROPS] on numbers.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step


class Property(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One property as it is stored."""

    id: int
    """Upper half of its tag. Of a named property the number that this store or message maps it to."""
    type: int
    """Lower half: its type of value. Several texts or byte strings of one number are a property each, of the type of
    one and with ``[0]`` behind the tag in their paths; several values of fixed size are one."""
    data: bytes | ByteSource
    """Bytes of its value as they stand, a value of fixed size with its own size alone; a source: a value that is larger
    than memory should hold."""
    locator: Locator
    """Their place in the item, with ``mapi:0x0037001F`` as its path, the owner before the tag
    (``mapi:recipient[0]/0x39FE001F``): one range, below steps where the item has its bytes in several pieces or
    encoded. No ranges: the place cannot be named."""
    stored: int | None = None
    """Bytes that it has in the item, where they are not these: a text written escaped or in another encoding."""
    name: str = ""
    """Of a named property: ``{property set}/0x8233`` or ``{property set}/keyword``; empty for others."""

    @property
    def tag(self) -> int:
        """Number and type together."""
        return self.id << 16 | self.type


class Properties:
    """The properties of one object, in their order; the first of a number counts, all are kept.

    Attributes:
        owner: what stands before the tag in paths: ``""`` for the message, ``recipient[0]/``, ``attachment[2]/``.
        codepage: Windows code page of its 8-bit strings; 0: not known.
    """

    def __init__(self, found: Iterable[Property], owner: str = "", codepage: int = 0) -> None:
        self._all = tuple(found)
        self._by_id: dict[int, Property] = {}
        for one in self._all:
            self._by_id.setdefault(one.id, one)
        self._by_name: Mapping[str, Property] = {one.name: one for one in reversed(self._all) if one.name}
        self.owner = owner
        self.codepage = codepage

    def __iter__(self) -> Iterator[Property]:
        """Yield all, in the order in which they are stored."""
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def get(self, number: int) -> Property | None:
        """Return the first property of a number, of whatever type."""
        return self._by_id.get(number)

    def named(self, name: str) -> Property | None:
        """Return the first property of a name."""
        return self._by_name.get(name)


class StoredAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """One attachment of a stored message: its properties, and how its content is reached."""

    properties: Properties
    step: Step
    """From the message's item to the content, without its digest. Of an attachment without content of its own
    (PidTagAttachMethod 0, 2, 3, 4, 7) its range is empty."""
    content: bytes | ByteSource | None
    """Decoded; ``None``: it could not be had, and ``notices`` say why."""
    format: str = ""
    """Format id where it is a message of the same store or file; empty: by its content."""
    notices: tuple[Notice, ...] = ()


class StoredMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as Outlook's formats keep it."""

    size: int
    """Bytes of the item that it is."""
    properties: Properties
    recipients: tuple[Properties, ...] = ()
    attachments: tuple[StoredAttachment, ...] = ()
    notices: tuple[Notice, ...] = ()
    """What was odd about the structure that holds them."""
    timestamps: tuple[Timestamp, ...] = ()
    """Times that this structure gives the message beside its properties."""
