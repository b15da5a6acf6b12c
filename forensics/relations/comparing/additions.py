"""What lists and gateways do to a text on its way: words above or below it, and links that lead by way of a gateway.

A list's footer or header begins with a rule or names the list, and names no host but the list's own. A gateway's
warning or disclaimer is known by its sentences. Both are lawful only at an edge of all that the other copy says, in the
copy that passed the list, or more servers. A rewritten link is lawful only if it holds the other whole.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from forensics.knowledge.suffixes import organization
from forensics.model.comparing import Cause
from forensics.relations.comparing.gateways import MOST_WORDS, is_gateway_link, is_gateway_text, is_rule
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.links import layers
from forensics.relations.comparing.words import Changed, Words

_FOOTER_WORDS = 400
_RULE = re.compile(r"[_=*#-]{3,}|--")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}")
_APART = re.compile(r"\n[ \t\r]*\n")


class Said(NamedTuple):
    """One of two texts that are compared."""

    text: str
    words: Words
    page: bool
    """Whether it is a page's, whose blocks are lines."""


def cause_of_change(one: Said, other: Said, change: Changed, grounds: Grounds, sender: str) -> Cause | None:
    """Return why words may differ where they do.

    Args:
        one: a text.
        other: that of the other copy.
        change: where they differ.
        grounds: what the two copies show of their ways.
        sender: address of the sender.
    """
    if change.one[0] != change.one[1] and change.other[0] != change.other[1]:
        return _relinked(one.words, other.words, change, grounds)
    of_one = change.one[0] != change.one[1]
    said, span = (one, change.one) if of_one else (other, change.other)
    return next((cause for put in _at_edges(said, span) if (cause := _cause_of(put, grounds, sender, of_one))), None)


def is_around(one: Said, other: Said, change: Changed, grounds: Grounds) -> bool:
    """Whether words stand apart above or below all that the other copy says, in the copy that passed more servers.

    Gateways word their warnings and disclaimers as each owner likes, so that such words may be theirs.
    """
    of_one = change.one[0] != change.one[1]
    if (change.other[0] != change.other[1]) == of_one or grounds.gateway(of_one=of_one) is None:
        return False
    said, span = (one, change.one) if of_one else (other, change.other)
    return any(put.apart and len(put.words) <= MOST_WORDS for put in _at_edges(said, span))


def cause_of_text(words: Sequence[str], grounds: Grounds, sender: str, *, of_one: bool) -> Cause | None:
    """Return why a whole text may stand in the one copy alone, or in the other."""
    if grounds.list_ and is_footer(words, grounds.lists[0 if of_one else 1]):
        return Cause.LIST
    return grounds.gateway(of_one=of_one) if is_gateway_text(words, sender) else None


def cause_of_link(one: str, other: str, grounds: Grounds) -> Cause | None:
    """Return why a page may lead elsewhere than the other does, or lead where the other does not (an empty link)."""
    if not one or not other:
        return grounds.gateway(of_one=bool(one)) if is_gateway_link(one or other) else None
    return _rewritten((one,), (other,), grounds)


def is_footer(words: Sequence[str], lists: frozenset[str]) -> bool:
    """Whether words are what a list puts around a text: short, naming the list or its host and no other host.

    What stands above the first rule has to name the host by itself, or a sentence above a footer would pass with it.
    """
    if not words or not lists or len(words) > _FOOTER_WORDS:
        return False
    ruled = next((place for place, word in enumerate(words) if _RULE.match(word)), len(words))
    names = [name for name in lists if name != "?"]
    own = {organization(name) for name in names}
    for piece in filter(None, (words[:ruled], words[ruled:])):
        text = " ".join(piece)
        hosts = {organization(host.lower()) for host in _HOST.findall(text)}
        label = any(name.partition(".")[0] in text.lower() for name in names)
        if not hosts <= own or not (hosts or (label and _RULE.match(piece[0]))):
            return False
    return True


class _Put(NamedTuple):
    words: Sequence[str]
    apart: bool
    """Whether an empty line, a line of strokes or a page's block parts them from the rest."""


def _at_edges(said: Said, span: tuple[int, int]) -> list[_Put]:
    """Return words of one text alone as put above, and as put below all that both say, as far as they can be either.

    Where the text goes on with the words that were put before it, no comparison can tell which of them was first.
    """
    plain, found = said.words.plain, []
    start, end = span
    while start and plain[start - 1] == plain[end - 1]:
        start, end = start - 1, end - 1
    if start == 0:
        found.append(_put(said, (0, end), end))
    start, end = span
    while end < len(plain) and plain[end] == plain[start]:
        start, end = start + 1, end + 1
    if end == len(plain):
        found.append(_put(said, (start, end), start))
    return found


def _put(said: Said, span: tuple[int, int], border: int) -> _Put:
    shown, spans = said.words.shown, said.words.spans
    if border in (0, len(shown)):
        return _Put(shown[slice(*span)], apart=True)
    between = said.text[spans[border - 1][1] : spans[border][0]]
    strokes = is_rule(shown[span[0]]) or is_rule(shown[span[1] - 1])
    return _Put(shown[slice(*span)], apart=strokes or "\n" in between if said.page else strokes or _parted(between))


def _parted(between: str) -> bool:
    return _APART.search(between) is not None


def _cause_of(put: _Put, grounds: Grounds, sender: str, of_one: bool) -> Cause | None:
    found = cause_of_text(put.words, grounds, sender, of_one=of_one)
    return found if found is not Cause.FILTER or put.apart else None


def _relinked(one: Words, other: Words, change: Changed, grounds: Grounds) -> Cause | None:
    return _rewritten(one.plain[slice(*change.one)], other.plain[slice(*change.other)], grounds)


def _rewritten(one: Sequence[str], other: Sequence[str], grounds: Grounds) -> Cause | None:
    """Return why links differ: those of one copy hold those of the other, and that copy passed more servers."""
    if len(one) != len(other):
        return None
    sides: set[bool] = set()
    for mine, yours in zip(map(layers, one), map(layers, other), strict=True):
        if mine[0] == yours[0]:
            continue
        if yours[0] in mine or mine[0] in yours:
            sides.add(yours[0] in mine)
        elif mine[-1] == yours[-1]:
            sides |= {True, False}
        else:
            return None
    causes = [grounds.gateway(of_one=of_one) for of_one in sides]
    return Cause.FILTER if causes and all(causes) else None
