"""Whether what was added to a body is the route's own known text: only then does its removal clear a mail.

A hundred mails may carry a text that one hand added to them. The footer of a list is told from it by who else carries
it: all mails of the list count here, also those that are signed and intact, and those that are not signed at all.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forensics.authenticity.repairs.mails import Mail, Removed, body_of, body_of_mail, decoded, parts_of
from forensics.knowledge.suffixes import organization
from forensics.parsers.mail.entity import parse_encoding

WINDOW = 90 * 86_400 * 10_000_000
"""90 days, in 100 ns."""
SENDERS = 5
SHARE = 0.5
SIDE = 50
"""Mails that the days before or after one must have to be enough alone: else a few at the edge of an archive were."""
UNNAMED = 30
"""Mails that must carry a text which does not name the list or its host."""
LONGEST = 4_000
_HOST = re.compile(rb"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_LEAST_LETTERS = 2
"""Of the last label of a name of a host."""


class Counts(NamedTuple):
    """What a route's mails of `WINDOW` carry."""

    n: int
    k: int
    senders: int
    """Of those that carry it."""


class RouteMails:
    """All mails of one route, and which of its texts each carries."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self._carriers: dict[str, list[tuple[int, str]]] = {}
        self._sorted = True

    def add(self, stood: int, sender: str, text: str) -> None:
        """Take a mail.

        Args:
            stood: when it arrived, 100 ns since 1970 UTC.
            sender: from whom it is.
            text: digest of the route's text that it ends with; empty: none.
        """
        self._times.append(stood)
        if text:
            self._carriers.setdefault(text, []).append((stood, sender))
        self._sorted = False

    def near(self, stood: int, text: str) -> Counts:
        """Count the mails within 90 days of one, and those that carry a text.

        Lists change their footers: of the side before or after it alone, where that has many mails and a greater share
        of them carries it.
        """
        if not self._sorted:
            self._times.sort()
            for carriers in self._carriers.values():
                carriers.sort()
            self._sorted = True
        whole = self._between(stood - WINDOW, stood + WINDOW, text)
        sides = [self._between(first, first + WINDOW, text) for first in (stood - WINDOW, stood)]
        return max([whole, *[side for side in sides if side.n >= SIDE]], key=lambda found: found.k / max(found.n, 1))

    def _between(self, first: int, last: int, text: str) -> Counts:
        those = self._carriers.get(text, [])
        near = those[bisect_left(those, (first, "")) : bisect_left(those, (last + 1, ""))]
        n = bisect_left(self._times, last + 1) - bisect_left(self._times, first)
        return Counts(n, len(near), len({sender for _, sender in near}))


def text_of(removed: Sequence[Removed]) -> bytes:
    """Return all that was added."""
    return b"\n".join([piece.text for piece in removed if piece.text])


def may_be_own(removed: Sequence[Removed], route: str) -> bool:
    """Whether it is short plain text that names no host but the route's.

    Args:
        removed: all that was added.
        route: id of a list, or organization of the newest server.
    """
    text = text_of(removed).lower()
    if not 0 < len(text) <= LONGEST or not all(piece.shown for piece in removed):
        return False
    own = organization(route)
    return all(organization(host) == own for host in hosts_in(text))


def hosts_in(text: bytes) -> list[str]:
    """Return the names of hosts in a text, with or without a link, in lower case."""
    found = [name.decode("ascii").strip("-") for name in _HOST.findall(text.lower())]
    return [name for name in found if _is_name(name.rpartition(".")[2])]


def _is_name(label: str) -> bool:
    return len(label) >= _LEAST_LETTERS and (label.isalpha() or label.startswith("xn--"))


def names_route(text: bytes, route: str) -> bool:
    """Whether a text names the list, or a host of the route."""
    shown = text.decode("utf-8", "replace").lower()
    label = route.lower().partition(".")[0]
    return (len(label) > _LEAST_LETTERS and label in shown) or organization(route) in shown


def ending(mail: Mail) -> bytes:
    """Return what a mail ends with: its text, or the last part of its multipart, white space at the ends left out."""
    body = body_of_mail(mail)
    parts = parts_of(mail, body)
    if not parts:
        return decoded(body.content, body.encoding).strip()
    last = parts[-1]
    encoding = parse_encoding(body_of(last.mime.get("content-transfer-encoding", b""))).token
    return decoded(body.content[last.body_start : last.end], encoding).strip()


def longer_than_own(text: bytes, others: Iterable[bytes]) -> bool:
    """Whether a text ends with another that was added to mails of its route: then somebody wrote above the footer."""
    return any(text != other and text.endswith(other) for other in others)


def is_own(found: Counts, text: bytes, route: str) -> bool:
    """Whether the mails near in time show that a text is the route's own; `may_be_own` is asked before."""
    known = found.senders >= SENDERS and found.k >= SHARE * found.n
    return known and (found.k >= UNNAMED or names_route(text, route))
