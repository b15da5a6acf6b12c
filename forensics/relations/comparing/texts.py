"""The texts of two copies: what they say, word by word, and where they lead.

A text is compared with that of its type at the same place. White space, line wrap, charset and transfer encoding are
form. A list's footer is lawful: text below all that the other says, in the copy that came by that list, which begins
with a rule or names the list, and names no host but the list's own.

Source: RFC 3676, RFC 4155; Mailman ``Handlers/CookHeaders.py`` and ``Decorate.py``; knowledge base 4.3, I-11.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from forensics.knowledge.suffixes import organization
from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.page_text import page_text
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.reading import VALUE_BYTES, ComparedMail
from forensics.relations.comparing.words import Changed, Words, changes, runs, words_of

MOST = 20
"""Places of one text where words differ that are told apart; the runs show all."""
_FOOTER_WORDS = 400
_RULE = re.compile(r"[_=*#-]{3,}|--")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}")
_LINK = re.compile(r"://|\bwww\.|\bmailto:")
_TARGETS = (("a", "href"), ("area", "href"), ("form", "action"), ("img", "src"))


class _Read(NamedTuple):
    body: Body
    text: str
    words: Words


def compare_texts(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> tuple[list[Difference], bool]:
    """Return what differs in the texts of two copies, and whether all of them was compared."""
    found: list[Difference] = []
    whole = not any(body.cut for mail in (one, other) for body in mail.bodies.shown)
    for media_type in ("text/plain", "text/html"):
        mine, yours = ([body for body in mail.bodies.shown if _type(body) == media_type] for mail in (one, other))
        for left, right in zip_longest(mine, yours):
            if left is not None and right is not None:
                pair = _Pair(one, other, left, right, grounds)
                found += pair.differences()
                whole = whole and pair.whole
            elif left is not None:
                found.append(_alone(left, one, other, grounds, of_one=True))
            elif right is not None:
                found.append(_alone(right, other, one, grounds, of_one=False))
    return found, whole


def _type(body: Body) -> str:
    return body.part.media_type


class _Pair:
    """Two texts of one type at the same place."""

    def __init__(self, one: ComparedMail, other: ComparedMail, left: Body, right: Body, grounds: Grounds) -> None:
        self._mails, self._bodies, self._grounds = (one, other), (left, right), grounds
        self.whole = True

    def differences(self) -> Iterator[Difference]:
        """Yield what differs."""
        left, right = self._bodies
        if left.raw == right.raw and left.part.decoder == right.part.decoder and left.text == right.text:
            return
        page = _type(left) == "text/html"
        mine, yours = (_read(body, page) for body in (left, right))
        found, whole = changes(mine.words, yours.words)
        self.whole = whole
        if found:
            yield from self._words(mine, yours, found)
        elif page:
            yield from self._page()
        else:
            yield from self._form(mine, yours)
        if page:
            yield from self._targets()

    def _words(self, mine: _Read, yours: _Read, found: Sequence[Changed]) -> Iterator[Difference]:
        shown = runs(mine.words, yours.words, found)
        for change in found[:MOST]:
            sides = _located(mine, change.one), _located(yours, change.other)
            kind = _kind(mine, yours, change)
            cause = self._cause(mine, yours, change)
            yield Difference(kind=kind, name=self._name, one=sides[0], other=sides[1], cause=cause, runs=shown)
            shown = ()
        if len(found) > MOST:
            rest = found[MOST][0][0], found[-1][0][1]
            yield Difference(
                kind="words",
                name=self._name,
                one=_located(mine, rest),
                other=_located(yours, (found[MOST][1][0], found[-1][1][1])),
            )

    @property
    def _name(self) -> str:
        return self._bodies[0].part.number or "1"

    def _cause(self, mine: _Read, yours: _Read, change: Changed) -> Cause | None:
        """Return why words may differ: one of the two ends with the footer of its list, or begins with its header."""
        if self._grounds.list_ is None:
            return None
        for (start, end), other, read, lists in (
            (change.one, change.other, mine, self._grounds.lists[0]),
            (change.other, change.one, yours, self._grounds.lists[1]),
        ):
            at_edge = end == len(read.words.plain) or start == 0
            if other[0] == other[1] and at_edge and lists and is_footer(read.words.shown[start:end], lists):
                return Cause.LIST
        return None

    def _page(self) -> Iterator[Difference]:
        left, right = self._bodies
        if left.text.split() != right.text.split():
            yield self._whole("markup", self._grounds.anew)
        elif left.text != right.text:
            yield self._whole("layout", Cause.ENCODING)

    def _form(self, mine: _Read, yours: _Read) -> Iterator[Difference]:
        """Yield that the same words are laid out or encoded in another way."""
        left, right = self._bodies
        if _lines(mine.text) != _lines(yours.text):
            yield self._whole("layout", Cause.ENCODING)
        elif left.raw != right.raw:
            yield self._whole("encoding", Cause.ENCODING)

    def _targets(self) -> Iterator[Difference]:
        mine, yours = (_targets(mail.bodies, body) for mail, body in zip(self._mails, self._bodies, strict=True))
        if mine != yours:
            lost, new = (sorted(one - two) for one, two in ((mine, yours), (yours, mine)))
            for one, other in list(zip_longest(lost, new, fillvalue=""))[:MOST]:
                left, right = self._bodies
                yield Difference(
                    kind="links",
                    name=self._name,
                    one=left.located(one[:VALUE_BYTES], left.first(one)) if one else ABSENT,
                    other=right.located(other[:VALUE_BYTES], right.first(other)) if other else ABSENT,
                )

    def _whole(self, kind: str, cause: Cause | None) -> Difference:
        left, right = self._bodies
        return Difference(kind=kind, name=self._name, one=_beginning(left), other=_beginning(right), cause=cause)


def _lines(text: str) -> list[str]:
    return text.rstrip().splitlines()


def _read(body: Body, page: bool) -> _Read:
    text = page_text(body.sheets) if page else body.text
    return _Read(body, text, words_of(text))


def _beginning(body: Body) -> Located:
    return body.located("", body.beginning)


def _located(read: _Read, span: tuple[int, int]) -> Located:
    """Return words of a text with their bytes; of a page without bytes where they do not stand there once."""
    start, end = span
    if start == end:
        return ABSENT
    words = read.words
    value = " ".join(words.shown[start:end])[:VALUE_BYTES]
    if read.body.part.media_type == "text/html":
        return read.body.located(value, read.body.place(words.shown[start]))
    place = read.body.range_of(words.spans[start][0], words.spans[end - 1][1])
    return read.body.located(value, place and (place[0][:VALUE_BYTES], place[1]))


def _kind(mine: _Read, yours: _Read, change: Changed) -> str:
    one, other = mine.words.shown[slice(*change.one)], yours.words.shown[slice(*change.other)]
    if one and other:
        return "links" if any(map(_LINK.search, (*one, *other))) else "words"
    return "text_removed" if one else "text_added"


def is_footer(words: Sequence[str], lists: frozenset[str]) -> bool:
    """Whether words are what a list puts around a text: short, naming the list or its host and no other host."""
    if not words or len(words) > _FOOTER_WORDS:
        return False
    text = " ".join(words)
    names = [name for name in lists if name != "?"]
    own = {organization(name) for name in names}
    hosts = {organization(host.lower()) for host in _HOST.findall(text)}
    label = any(name.partition(".")[0] in text.lower() for name in names)
    return hosts <= own and (bool(hosts) or (label and _RULE.match(words[0]) is not None))


def _alone(body: Body, here: ComparedMail, there: ComparedMail, grounds: Grounds, *, of_one: bool) -> Difference:
    """Return that only one of two copies has a text: a list's footer, or one of the two texts of a mail was lost."""
    text = page_text(body.sheets) if _type(body) == "text/html" else body.text
    shown = body.located(" ".join(text.split())[:VALUE_BYTES], body.beginning)
    lists = grounds.lists[0 if of_one else 1]
    cause = None
    if grounds.list_ and lists and is_footer(text.split(), lists):
        cause = Cause.LIST
    elif any(_type(other) != _type(body) for other in there.bodies.shown) and len(here.bodies.shown) > 1:
        cause = grounds.anew  # a way or an export that keeps one of the two texts of a mail
    name = body.part.number or "1"
    if of_one:
        return Difference(kind="text_removed", name=name, one=shown, cause=cause)
    return Difference(kind="text_added", name=name, other=shown, cause=cause)


def _targets(bodies: Bodies, page: Body) -> frozenset[str]:
    """Return where a page's links and forms lead, and the pictures that it fetches."""
    found = {
        (node.attributes.get(name) or "").strip()
        for tree in bodies.trees(page)
        for tag, name in _TARGETS
        for node in tree.tags(tag)
    }
    return frozenset(target for target in found if target and not target.startswith(("cid:", "data:")))
