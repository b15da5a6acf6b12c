"""Each quoted line of a mail looked for in the mails that it may be taken from, the nearest first."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from forensics.relations.quotes import forms
from forensics.relations.quotes.blocks import QuotedBlock, blocks_of, lines_of
from forensics.relations.quotes.differing import SHORT, Found, Line, added, edited, left_out
from forensics.relations.quotes.shown import Shown, bare

SEARCHED = 8_000_000
"""Letters of originals that are gone through for one mail."""
MOST_LINES = 4_000
"""Lines of one block that are looked for one by one."""
MOST_FOUND = 20
"""Differences that are kept of one mail: one with more quotes something else."""


class Comparison:
    """What became of the quoted lines of one mail; each line is counted once, but for `differing` ones.

    Attributes:
        lines: all.
        same: stand in the nearest mail.
        short: too short to be looked for.
        further: stand in a mail that the nearest one answers.
        rewritten: stand there but for links, addresses, marks and numbers of lists.
        formal: headers, attributions, trailers and other forms that nobody words.
        differing: differ by one edit.
        other: stand in none of these mails.
        unread: were not looked for, since there were too many.
        found: the differences.
    """

    def __init__(self) -> None:
        self.lines = self.same = self.short = self.further = self.rewritten = self.formal = 0
        self.differing = self.other = self.unread = 0
        self.found: list[Found] = []


class Comparer:
    """Compares one mail with others.

    Args:
        reply: the mail that quotes.
        nearest: the mail that it answers, or else the next one above.
        further: mails beyond it, the nearest first; each is read when it is asked for.
        blocks: what the mail quotes, where it is known.
    """

    def __init__(
        self,
        reply: Shown,
        nearest: Shown,
        further: Iterable[Shown] = (),
        blocks: Iterable[QuotedBlock] | None = None,
    ) -> None:
        self._reply, self._nearest = reply, nearest
        self._blocks = blocks_of(reply) if blocks is None else blocks
        self._further = iter(further)
        self._read: list[Shown] = []
        self._left = SEARCHED
        self.result = Comparison()

    def run(self) -> Comparison:
        """Compare all quoted blocks."""
        result = self.result
        for block in self._blocks:
            result.lines += block.size
            if len(block.letters) < SHORT:
                result.short += block.size
            elif self._find(self._nearest.letters, block.letters) >= 0:
                result.same += block.size
            else:
                self._by_line(block)
        return result

    def _find(self, letters: bytes, wanted: bytes, first: int = 0, end: int | None = None, last: bool = False) -> int:
        """Look for letters; nothing is found any more once so many were gone through."""
        stop = len(letters) if end is None else min(end, len(letters))
        self._left -= max(stop - first, 0)
        if self._left < 0:
            return -1
        return letters.rfind(wanted, first, stop) if last else letters.find(wanted, first, stop)

    def _in_nearest(self, wanted: bytes, first: int = 0, end: int | None = None, *, last: bool = False) -> int:
        return self._find(self._nearest.letters, wanted, first, end, last)

    def _others(self) -> Iterator[Shown]:
        yield from self._read
        for source in self._further:
            self._read.append(source)
            yield source

    def _by_line(self, block: QuotedBlock) -> None:
        result = self.result
        listed = lines_of(self._reply, block)
        result.lines += len(listed) - block.size
        result.unread += max(len(listed) - MOST_LINES, 0)
        lines = [Line(line) for line in islice(listed, MOST_LINES)]
        result.short += sum([line.explained for line in lines])
        self._place(lines)
        found = list(left_out(lines, self._nearest))
        self._explain(lines, found)
        self._differ(lines, found)
        matched = sum([line.place >= 0 for line in lines])
        result.differing += len(found)
        kept = [one._replace(matched=matched) for one in found[: MOST_FOUND - len(result.found)]]
        result.found += kept

    def _place(self, lines: Sequence[Line]) -> None:
        """Find lines in the nearest mail, each behind the one above if it stands there too."""
        at = 0
        for line in lines:
            if line.explained:
                continue
            place = self._in_nearest(line.letters, at)
            if place < 0 and at:
                place = self._in_nearest(line.letters)
            if place >= 0:
                line.place, line.last, line.explained = place, place + len(line.letters), True
                self.result.same += 1
                at = line.last

    def _explain(self, lines: Sequence[Line], found: list[Found]) -> None:
        """Look for what the nearest mail lacks in those beyond it, then in weaker forms."""
        result = self.result
        for number, line in enumerate(lines):
            if line.explained:
                continue
            line.explained = True
            if any(self._find(source.letters, line.letters) >= 0 for source in self._others()):
                result.further += 1
            elif forms.has_own_address(line.text) and (
                edit := edited(lines, number, self._nearest, self._in_nearest, address=True)
            ):
                found.append(edit)
            elif forms.form_of(line.text):
                result.formal += 1
            elif len(plain := bare(line.text)) < SHORT or any(
                self._find(source.bare, plain) >= 0 for source in (self._nearest, *self._read[:1])
            ):
                result.rewritten += 1
            else:
                line.explained = False

    def _differ(self, lines: Sequence[Line], found: list[Found]) -> None:
        """Compare by words what nothing explains."""
        at = 0
        while at < len(lines):
            first = at
            while at < len(lines) and not lines[at].explained:
                at += 1
            if first < at and (whole := added(lines, first, at, self._nearest)):
                found.append(whole)
            else:
                edits = [edited(lines, number, self._nearest, self._in_nearest) for number in range(first, at)]
                found += [edit for edit in edits if edit]
                self.result.other += edits.count(None)
            at += first == at
