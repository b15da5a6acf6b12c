"""Names of users as programs write them: whether two are of one person, and which are nobody's."""

import re

_WORDS = re.compile(r"\w+")
_NOBODY = frozenset(
    {"calc", "user", "windows user", "microsoft office user", "microsoft corporation", "preferred customer"}
)
"""What programs and computers write for nobody."""


def is_nobody(name: str) -> bool:
    """Whether a name is one that programs write for nobody."""
    return name.strip().lower() in _NOBODY


def alike(one: str, other: str) -> bool:
    """Whether two names may be of one person, by their words: a first name alone, or another order, is no other."""
    first, second = set(_WORDS.findall(one.lower())), set(_WORDS.findall(other.lower()))
    return bool(first and second) and (first <= second or second <= first)
