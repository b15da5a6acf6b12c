"""Who sent a quoted mail, as a line or a header block names them."""

import re
from functools import lru_cache

from forensics.knowledge.quoting_words import quoting_words, weekday_names

LONGEST = 200
"""Characters of a name that are kept."""
_TOKEN = re.compile(r"[^\s<>\"(),;:\[\]]+")
_AROUND = re.compile(r"<[^<>]{0,300}>?|[(\[](?: |mailto:|smtp:){0,2}[)\]]?|\b(?:mailto|smtp):", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;:]+[\s,;:]*")
_TRIM = " \t,;:*\"'“”„()[]<>-–—_=./"
_SKIPPED = frozenset([word.lower() for word in quoting_words().attribution.joiners]) | weekday_names()


def address_in(text: str, last: bool = False) -> str:
    """Return the first or last address in a text as written; empty where there is none."""
    if "@" not in text:
        return ""
    found = [token.strip("'.*_") for token in _TOKEN.findall(text) if 0 < token.find("@") < len(token) - 1]
    return found[-1 if last else 0] if found else ""


@lru_cache(1024)
def name_in(text: str, address: str) -> str:
    """Return what a text says without the address, brackets, weekdays and words that join a time to a name."""
    if address:
        text = text.replace(address, " ")
    if "<" in text or "(" in text or "[" in text or ":" in text:
        text = _AROUND.sub(" ", text)
    text = text.strip(_TRIM)
    while (word := _WORD.match(text)) is not None and word[0].strip(_TRIM).lower() in _SKIPPED:
        text = text[word.end() :].lstrip(_TRIM)
    while text:
        head, _, tail = text.rpartition(" ")
        if tail.strip(_TRIM).lower() not in _SKIPPED:
            break
        text = head.rstrip(_TRIM)
    return " ".join(text.split())[:LONGEST]
