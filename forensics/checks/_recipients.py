"""Recipients as a quoted header block lists them, matched with those of the mail that it was taken from.

A block has names as the replier's address book shows them, in any order, often without addresses; a mail has addresses,
often without names.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

import msgspec

from forensics.model.locations import Location, Locator
from forensics.model.rules import Evidence, Role

_ADDRESS = re.compile(r"[\w.+'-]{1,80}@[\w.-]{1,120}")
_BETWEEN = re.compile(r"[;\r\n]")
_WORD = re.compile(r"[^\W_]+")
_ADDED = re.compile(
    r"\((?:E-mail|Business|Home|Work)[^)]{0,20}\)|\[mailto:[^\]]{0,200}\]|<[^<>]{0,200}>", re.IGNORECASE
)
_NOTES = re.compile(r"[^,/]{1,80}/[^,]{1,120}")
FIELDS = {"to": "To", "cc": "Cc"}
"""Fields whose recipients all readers of a mail see."""
_MOST_WRITTEN = 1000
"""Letters of a field's recipients that are cited."""
_LEAST = 3
"""Letters of a word by which names are the same; shorter ones are initials and particles."""
_STEM = 5
"""Letters of a name with which a mailbox's name may begin or end: ``jdasovic``, ``dasovicj``."""


class Recipient(NamedTuple):
    """One recipient of a mail."""

    name: str
    address: str

    @property
    def text(self) -> str:
        """Name and address as mail writes them."""
        return f"{self.name} <{self.address}>" if self.name else self.address


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as the row of its mail keeps it: without its bytes."""

    name: str
    address: str
    field: str
    """Of which field, lower case."""


class Matched(NamedTuple):
    """Recipients of a mail against the entries of a block."""

    both: int
    """Recipients that the block lists."""
    only_mail: tuple[Recipient, ...]
    only_block: tuple[str, ...]


def entries(text: str) -> tuple[str, ...]:
    """Return what a block's To or Cc lists, as written; ``Last, First`` is one entry.

    Where no semicolon stands, commas part entries if each has an address or is a name of Notes.
    """
    parts = _BETWEEN.split(text)
    if len(parts) == 1 and text.count(",") + 1 in (len(_ADDRESS.findall(text)), len(_NOTES.findall(text))):
        parts = text.split(",")
    return tuple([entry for part in parts if (entry := part.strip(" \t,'\""))])


def match(recipients: Sequence[Recipient], listed: Sequence[str]) -> Matched:
    """Match each recipient with one entry, the surest first."""
    left, free = list(dict.fromkeys(recipients)), list(dict.fromkeys(listed))
    both = 0
    for fits in (_same_address, _same_name, _like_mailbox):
        for one in tuple(left):
            entry = next((entry for entry in free if fits(one, entry)), None)
            if entry is not None:
                left.remove(one)
                free.remove(entry)
                both += 1
    return Matched(both, tuple(left), tuple(free))


def compare(shown: Sequence[Recipient], others: Sequence[Recipient], to: str, cc: str) -> Matched:
    """Match the recipients of a mail with what a block lists.

    Whoever gets a blind copy, or writes to himself too, is listed by some stores and clients alone; some clients leave
    out who answers; a name with a remark in brackets is what converters of address books lose: none of these is told.

    Args:
        shown: in To and Cc.
        others: blind copies, the sender, and who quotes the mail.
        to: of the block.
        cc: of the block.
    """
    found = match(shown, [*entries(to), *entries(cc)])
    rest = match(others, found.only_block).only_block
    own = {one.address.lower() for one in others}
    return Matched(
        found.both,
        tuple([one for one in found.only_mail if one.address.lower() not in own]),
        tuple([entry for entry in rest if "(" not in entry or _ADDRESS.search(entry)]),
    )


def cite_all(
    recipients: Sequence[Receiver], role: Role, sha256: str, location: Location, *, in_header: bool
) -> Iterator[Evidence]:
    """Cite the recipients of a mail, a fact for each field.

    Args:
        recipients: of the mail.
        role: its part in the observation.
        sha256: the mail.
        location: where it stands.
        in_header: whether header fields say so; else the properties of a store's message do.
    """
    for field, name in FIELDS.items():
        listed = [Recipient(one.name, one.address).text for one in recipients if one.field == field]
        if listed:
            yield Evidence(
                role=role,
                label=name,
                value="; ".join(listed)[:_MOST_WRITTEN],
                raw=b"",
                locator=Locator(path=f"header:{name}" if in_header else f"recipients:{name}"),
                sha256=sha256,
                location=location,
            )


def _same_address(one: Recipient, entry: str) -> bool:
    return bool(one.address) and one.address.lower() in [found.lower() for found in _ADDRESS.findall(entry)]


def _same_name(one: Recipient, entry: str) -> bool:
    """Whether all long words of one name stand in the other."""
    mine, theirs = _words(one.name), _words(_ADDED.sub(" ", entry))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _like_mailbox(one: Recipient, entry: str) -> bool:
    """Whether a mailbox's name is made of an entry's name: all of its words, or the beginning of one of them."""
    mailbox = one.address.partition("@")[0].lower()
    mine = _words(mailbox)
    theirs = _words(entry.partition("@")[0] if _ADDRESS.search(entry) else _ADDED.sub(" ", entry))
    plain = "".join(_WORD.findall(mailbox))
    if mine & theirs or any(len(word) >= _STEM and word[:_STEM] in plain for word in theirs):
        return True
    whole = [word.lower() for word in _WORD.findall(_ADDED.sub(" ", entry))]
    return any(plain in (word, first[0] + word, word + first[0]) for word in whole for first in whole if word != first)


def _words(text: str) -> set[str]:
    plain = "".join([letter for letter in normalize("NFKD", text) if not combining(letter)])
    return {word for word in _WORD.findall(plain.lower()) if len(word) >= _LEAST}
