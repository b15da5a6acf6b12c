"""Which bidirectional controls turn the order in which characters are shown, and which turn nothing.

Embeddings, isolates and overrides (UAX #9 2) reach to their end or that of the line. Programs put them in pairs around
names and numbers; the direction which these have anyway is no other one. Scripts written from the right use them
lawfully, also for foreign words among their own.
"""

import re
from unicodedata import bidirectional

MOST = 1000
"""Characters that are looked at on either side of a control."""
_ENDS = {
    control: re.compile(rf"[^\n\r\u2029{end}]{{0,{MOST}}}")
    for controls, end in (("\u202b\u202d\u202e", "\u202c"), ("\u2067", "\u2069"))
    for control in controls
}
_TAG = re.compile(r"<[^<>]{0,500}>")
_LTR_OVERRIDE, _RTL_OVERRIDE = "\u202d", "\u202e"
_FROM_RIGHT = frozenset(("R", "AL"))


def turns(text: str, at: int) -> bool:
    """Whether a control stands before something that it turns, or before letters whose order it fixes.

    Args:
        text: where it stands.
        at: position of U+202B, U+202D, U+202E or U+2067; the others turn no text that is written from the left.
    """
    control = text[at]
    reached = _ENDS[control].match(text, at + 1)
    classes = _classes(reached[0]) if reached else set()
    if control == _LTR_OVERRIDE:
        return not classes.isdisjoint(_FROM_RIGHT | {"L"})
    turned = not classes.isdisjoint(("L", "EN", "AN"))
    if control == _RTL_OVERRIDE:
        return turned
    return turned and _FROM_RIGHT.isdisjoint(_classes(_line(text, at)))


def _classes(text: str) -> set[str]:
    return {bidirectional(one) for one in set(_TAG.sub("", text))}


def _line(text: str, at: int) -> str:
    start = max(text.rfind("\n", max(0, at - MOST), at) + 1, at - MOST, 0)
    end = text.find("\n", at, at + MOST)
    return text[start : end if end >= 0 else at + MOST]
