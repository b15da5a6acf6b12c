"""Two messages of which a store keeps one as properties: what each shows its reader, word by word.

A store makes the body anew, and keeps no structure: header, trace, files and form are not compared here.
"""

from collections.abc import Iterator

from forensics.model.comparing import Cause, Comparison, Difference
from forensics.model.facts import ABSENT, Located
from forensics.model.items import Limits
from forensics.model.locations import Locator
from forensics.relations.comparing.reading import VALUE_BYTES
from forensics.relations.comparing.words import Changed, Words, changes, runs, words_of
from forensics.relations.quotes.shown import locate, read_pages, read_shown

MOST = 20
"""Places where words differ that are told apart; the runs show all."""


class _Side:
    """One of the two."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data, self._limits = data, limits
        self.shown, self.whole = read_shown(data, limits)
        self.words = Words((), (), ())

    @property
    def has_pages(self) -> bool:
        return self.shown.page is not None or self.shown.has_pages

    def read(self, *, pages: bool) -> None:
        """Take the words of its pages, or of what it shows."""
        if pages and self.shown.page is None:
            self.shown = read_pages(self._data, self._limits)
        self.words = words_of(self.shown.text)

    def located(self, start: int, end: int) -> Located:
        """Return some of its words with their bytes; without them where they do not stand there as they are."""
        if start == end:
            return ABSENT
        spans = self.words.spans
        found = locate(self._data, self._limits, self.shown, spans[start][0], spans[end - 1][1])
        if len(found.raw) > VALUE_BYTES:
            found = Located("", b"", Locator(path=found.locator.path))
        return Located(" ".join(self.words.shown[start:end])[:VALUE_BYTES], found.raw, found.locator)


def compare_kept(one: bytes, other: bytes, limits: Limits) -> Comparison:
    """Compare the texts of two messages: pages where both have them, else what each shows."""
    if one == other:
        return Comparison(identical=True, mails=True)
    left, right = _Side(one, limits), _Side(other, limits)
    pages = left.has_pages and right.has_pages
    for side in (left, right):
        side.read(pages=pages)
    found, whole = changes(left.words, right.words)
    return Comparison(
        mails=True,
        differences=tuple(_differences(left, right, found)),
        whole=whole and left.whole and right.whole,
        texts_only=True,
    )


def _differences(left: _Side, right: _Side, found: list[Changed]) -> Iterator[Difference]:
    shown = runs(left.words, right.words, found)
    for change in found[:MOST]:
        one, other = left.located(*change.one), right.located(*change.other)
        kind = "words" if one.value and other.value else "text_removed" if one.value else "text_added"
        cause = Cause.ENCODING if _repeated(left, right, change) else None
        yield Difference(kind=kind, one=one, other=other, cause=cause, runs=shown)
        shown = ()
    if not found:
        yield Difference(kind="layout", cause=Cause.ENCODING)


def _repeated(left: _Side, right: _Side, change: Changed) -> bool:
    """Whether only one has some words, links in angle brackets that the other has too: so a text is made of a page."""
    said = [side.words.shown[slice(*span)] for side, span in ((left, change.one), (right, change.other))]
    if all(said):
        return False
    there = right if said[0] else left
    links = [word for words in said for word in words]
    return all(word.startswith("<") and word.endswith(">") and word[1:-1] in there.shown.text for word in links)
