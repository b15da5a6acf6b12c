"""Takes the addresses and domains of a list out of any text that is shown."""

import re
from collections.abc import Iterable
from itertools import pairwise

from forensics.model.restricting import Entry, EntryKind

HIDDEN = "[restricted]"
_TOKEN = r"[\w.%+@-]+"
_PLAIN = re.compile(r"[\w.+-]+")
_AT = "%40"
"""An ``@`` in a link."""
_QUOTED = re.compile(r"%[0-9a-f]{2}")
_LONGEST = 300
"""Characters of a name's end that can be a domain: none has more than 255."""


class Words:
    """The addresses and domains of a list, as they may stand in a text.

    Args:
        entries: the list.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._locals: dict[str, set[str]] = {}
        self._domains: set[str] = set()
        for one in entries:
            if one.kind is EntryKind.ADDRESS:
                local, _, domain = one.value.rpartition("@")
                self._locals.setdefault(domain, set()).add(local)
            elif one.kind is EntryKind.DOMAIN:
                self._domains.add(one.value)
        # A local part may hold signs at which a word of a text ends: such are looked for as they are.
        odd = {
            f"{local}@{domain}"
            for domain, locals_ in self._locals.items()
            for local in locals_
            if not _PLAIN.fullmatch(local)
        }
        listed = [re.escape(one).replace("@", f"(?:@|{_AT})") for one in sorted(odd, key=len, reverse=True)]
        self._odd = re.compile("|".join(listed), re.IGNORECASE) if listed else None
        self._token = re.compile("|".join([*[f"{one}(?![\\w-]|\\.\\w)" for one in listed], _TOKEN]), re.IGNORECASE)

    def hidden(self, text: str) -> str:
        """Return a text with every restricted address and domain replaced; the same object where there is none."""
        if not text or not (self._locals or self._domains):
            return text
        return self._token.sub(self._replace, text)

    def masked(self, text: str) -> str:
        """Return a text with asterisks in their place, so that every other character stays where it is."""
        if not text or not (self._locals or self._domains):
            return text
        return self._token.sub(lambda match: "*" * len(match[0]) if self._listed(match[0]) else match[0], text)

    def says(self, raw: bytes) -> bool:
        """Whether bytes say one of them."""
        text = raw.decode("utf-8", "replace")
        return self.hidden(text) != text

    def _replace(self, match: re.Match[str]) -> str:
        return HIDDEN if self._listed(match[0]) else match[0]

    def _listed(self, token: str) -> bool:
        if self._odd is not None and self._odd.fullmatch(token):
            return True
        return "." in token and self._named(token.lower())

    def _named(self, token: str) -> bool:
        return any(self._chunk(chunk) for chunk in _QUOTED.split(token.replace(_AT, "@")))

    def _chunk(self, chunk: str) -> bool:
        pieces = [piece.strip(".-") for piece in chunk.split("@")]
        for local, domain in pairwise(pieces):
            if any(local.endswith(one) for one in self._locals.get(domain, ())):
                return True
        return bool(self._domains) and any(self._is_below(piece) for piece in pieces)

    def _is_below(self, name: str) -> bool:
        """Whether a name is a restricted domain or stands below one."""
        name = name[-_LONGEST:]
        while name not in self._domains:
            _, dot, name = name.partition(".")
            if not dot:
                return False
        return True
