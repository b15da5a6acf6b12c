"""The texts of two copies: what they say, word by word, and where they lead.

A text is compared with that of its type at the same place. White space, line wrap, charset and transfer encoding are
form; whose words they are, by the marks of quotes, is not. What lists and gateways do to texts is lawful (`additions`).

Source: RFC 3676, RFC 4155; Mailman ``Handlers/CookHeaders.py`` and ``Decorate.py``; knowledge base 4.3, I-11.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.page_text import page_text
from forensics.relations.comparing.additions import Said, cause_of_change, cause_of_link, cause_of_text, is_around
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.links import layers
from forensics.relations.comparing.reading import VALUE_BYTES, ComparedMail
from forensics.relations.comparing.words import Changed, Words, changes, runs, words_of

MOST = 20
"""Places of one text where words differ that are told apart; the runs show all."""
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
        one, other = (Said(read.text, read.words, _type(read.body) == "text/html") for read in (mine, yours))
        sender = self._mails[0].message.sender_known_as
        causes = [cause_of_change(one, other, change, self._grounds, sender) for change in found]
        told = [change for change, cause in zip(found, causes, strict=True) if cause is None]
        lawful = [(change, cause) for change, cause in zip(found, causes, strict=True) if cause is not None]
        for change, cause in (*[(change, None) for change in told[:MOST]], *lawful[:MOST]):
            sides = _located(mine, change.one), _located(yours, change.other)
            around = cause is None and is_around(one, other, change, self._grounds)
            kind = "text_around" if around else _kind(mine, yours, change)
            yield Difference(kind=kind, name=self._name, one=sides[0], other=sides[1], cause=cause, runs=shown)
            shown = ()
        if len(told) > MOST:
            yield Difference(
                kind="words",
                name=self._name,
                one=_located(mine, (told[MOST].one[0], told[-1].one[1])),
                other=_located(yours, (told[MOST].other[0], told[-1].other[1])),
            )

    @property
    def _name(self) -> str:
        return self._bodies[0].part.number or "1"

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
            pairs = _matched(lost, new)
            causes = {pair: cause_of_link(*pair, self._grounds) for pair in pairs}
            for one, other in sorted(pairs, key=lambda pair: causes[pair] is not None)[:MOST]:
                left, right = self._bodies
                yield Difference(
                    kind="links",
                    name=self._name,
                    one=left.located(one[:VALUE_BYTES], left.first(one)) if one else ABSENT,
                    other=right.located(other[:VALUE_BYTES], right.first(other)) if other else ABSENT,
                    cause=causes[one, other],
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


def _alone(body: Body, here: ComparedMail, there: ComparedMail, grounds: Grounds, *, of_one: bool) -> Difference:
    """Return that only one of two copies has a text: a list's footer, or one of the two texts of a mail was lost."""
    text = page_text(body.sheets) if _type(body) == "text/html" else body.text
    shown = body.located(" ".join(text.split())[:VALUE_BYTES], body.beginning)
    cause = cause_of_text(text.split(), grounds, here.message.sender_known_as, of_one=of_one)
    if (
        cause is None
        and any(_type(other) != _type(body) for other in there.bodies.shown)
        and len(here.bodies.shown) > 1
    ):
        cause = grounds.anew  # a way or an export that keeps one of the two texts of a mail
    name = body.part.number or "1"
    if of_one:
        return Difference(kind="text_removed", name=name, one=shown, cause=cause)
    return Difference(kind="text_added", name=name, other=shown, cause=cause)


def _matched(lost: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of links: those that are one but for a gateway, then the others in order; empty where one has none.

    A link may stand in a page in several forms, each of which a gateway rewrote alike.
    """
    known = {layers(link)[-1]: link for link in lost}
    pairs = [(known[layers(link)[-1]], link) for link in new if layers(link)[-1] in known]
    taken = {link for pair in pairs for link in pair}
    gone, come = ([link for link in links if link not in taken] for links in (lost, new))
    return [*pairs, *zip_longest(gone, come, fillvalue="")]


def _targets(bodies: Bodies, page: Body) -> frozenset[str]:
    """Return where a page's links and forms lead, and the pictures that it fetches."""
    found = {
        (node.attributes.get(name) or "").strip()
        for tree in bodies.trees(page)
        for tag, name in _TARGETS
        for node in tree.tags(tag)
    }
    return frozenset(target for target in found if target and not target.startswith(("cid:", "data:")))
