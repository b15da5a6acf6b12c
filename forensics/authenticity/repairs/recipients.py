"""To and Cc before somebody put their names into another order, left some out, or added one.

A list server that spares its subscribers second copies drops them from Cc and writes the others in an order of its own
(AvoidDuplicates). Its mark is a Cc that stands below the fields which the server itself wrote.

Source: Mailman 2.1 ``Handlers/AvoidDuplicates.py``, Mailman 3 ``handlers/avoid_duplicates.py``.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from forensics.model.mail import HeaderField
from forensics.parsers.mail.addresses import parse_addresses

MOST_NAMES = 8
"""Names of which every order is tried; of nearly as many in one form only."""
_SERVER_FIELDS = frozenset(("list-id", "x-mailfrom", "x-beenthere", "x-mailman-version"))
_BOX = re.compile(rb'(?:"[^"]*+"|[^,"]++|")++')
_DOMAIN = re.compile(rb"@[^<>@\s]{1,255}")
_NOBODY = re.compile(rb"(?i:(?:undisclosed|unlisted)[- ]recipients?)\s*+:\s*+;?")
_NOBODIES = (
    b"undisclosed-recipients:;",
    b"undisclosed-recipients: ;",
    b"Undisclosed recipients:;",
    b"Undisclosed-recipients:;",
    b"undisclosed recipients:;",
    b"Undisclosed Recipients:;",
    b"Undisclosed recipients: ;",
    b"undisclosed-recipients:",
)
"""How programs name a group without members."""
_LONGEST = 20_000
"""Bytes of a field whose names are told apart."""

Boxes = Sequence[bytes]
"""Mailboxes as they are written."""


def is_rewritten(fields: Sequence[HeaderField]) -> bool:
    """Whether the only Cc stands below a field that a list server wrote."""
    keys = [field.key for field in fields]
    return keys.count("cc") == 1 and any(key in _SERVER_FIELDS for key in keys[: keys.index("cc")])


def boxes_in(body: bytes) -> list[bytes]:
    """Return the mailboxes of a field body, runs of white space made one blank; none of one that is very long."""
    if len(body) > _LONGEST:
        return []
    return [box for piece in _BOX.findall(b" ".join(body.split())) if (box := piece.strip())]


def address_of(box: bytes) -> str:
    """Return the address of a mailbox, lower case; empty where it has none."""
    found = parse_addresses(box)
    return found[0].address.lower() if found else ""


def respelled(here: Boxes) -> Iterator[Boxes]:
    """Yield the one recipient as they stood before a server wrote them its way.

    It gives a bare name its own domain, and names a group of nobody in its own words (RFC 5322 3.4, RFC 6409 8.1).
    """
    if len(here) != 1:
        return
    if _NOBODY.fullmatch(here[0]):
        yield from [[spelling] for spelling in _NOBODIES]
    elif b"@" in here[0]:
        yield [_DOMAIN.sub(b"", here[0])]


def edited(here: Boxes, missing: Boxes) -> Iterator[Boxes]:
    """Yield what stood here before one hand left out one or two of the names that are missing, or added one.

    The order is kept.
    """
    for place in range(len(here)):
        yield [*here[:place], *here[place + 1 :]]
    for box in missing:
        for place in range(len(here) + 1):
            yield [*here[:place], box, *here[place:]]


def orders(here: Boxes, missing: Boxes) -> Iterator[Boxes]:
    """Yield every order of the names here, in several forms, then with one and with two that are missing."""
    for names in _sets(here, missing):
        if len(names) <= MOST_NAMES:
            yield from permutations(names)


def _sets(here: Boxes, missing: Boxes) -> Iterator[Boxes]:
    yield here
    if len(here) < MOST_NAMES - 1:
        yield from {tuple([form(box) for box in here]): None for form in (_quoted, _bare, _angled)}
    for box in missing:
        yield (*here, box)
    for pair in combinations(missing, 2):
        yield (*here, *pair)


def _quoted(box: bytes) -> bytes:
    name = _name(box)
    return b'"%s" %s' % (name, box[box.index(b"<") :]) if name else box


def _bare(box: bytes) -> bytes:
    name = _name(box)
    return b"%s %s" % (name, box[box.index(b"<") :]) if name else box


def _angled(box: bytes) -> bytes:
    return box if b"<" in box else b"<%s>" % box


def _name(box: bytes) -> bytes:
    name, angle, _ = box.partition(b"<")
    return name.strip().strip(b'"') if angle else b""
