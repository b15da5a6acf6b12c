"""Which quoted lines differ from the mails that they were taken from.

Mails are read again from their sources, thread by thread; a text is kept while its thread is looked at, and dropped
once newer ones fill the memory that is set aside. Whose wording others have is asked only of mails with a difference.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from forensics import parsers
from forensics.model.locations import Location
from forensics.model.rows.located import row_of
from forensics.model.rows.quotes import DifferenceRow, QuoteRow
from forensics.relations.quotes.blocks import blocks_of
from forensics.relations.quotes.matching import Comparer, Comparison
from forensics.relations.quotes.shown import Shown, locate, read_pages, read_shown
from forensics.stages import rereading
from forensics.stages.quoted_pairs import ANSWERED, Answer, Lot, Pair, lots, pairs
from forensics.stages.rereading import Rereading
from forensics.stages.stage import LeftOut, Settings, Tables, Write, run_parts

NAME = "quotes"
VERSION = 1
READS = ("messages", "occurrences", "threads", "ghosts")
WRITES = ("quotes", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"messages": 2}

KEPT_BYTES = 24_000_000
"""Of texts that are kept, so that a mail with many answers is read once."""
WAITING = 500
"""Mails with differences that wait until it is asked who else quotes the same."""
CITED = 1_000
"""Bytes of a line that a row quotes."""
_UNREAD = "engine.quotes_unread"
_locations = msgspec.json.Decoder(Location)


class _Compared(NamedTuple):
    """A mail with differences, which waits."""

    pair: Pair
    result: Comparison
    reply: Shown
    original: Shown


def loads() -> tuple[str, ...]:
    """Return the modules of the parsers that read the texts of messages."""
    return parsers.modules(parsers.MESSAGES)


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Compare every mail with those above it."""
    run_parts(parts, run_part, tell, tables, settings, write)


def parts(tables: Tables) -> tuple[str, ...]:
    """Return lots of threads."""
    return tuple([lot.name for lot in lots(tables.rows)])


def run_part(tables: Tables, settings: Settings, write: Write, part: str) -> LeftOut:
    """Compare the mails of a lot with those above them."""
    stage = _Quotes(tables, settings, write)
    for pair in pairs(tables.rows, Lot.named(part)):
        stage.compare(pair)
    stage.settle()
    return stage.left_out


def tell(left_out: LeftOut, write: Write) -> None:
    """Write a notice for each kind of what was left out."""
    rereading.tell(
        write,
        (_UNREAD, left_out.get("unread", 0), rereading.UNREAD),
        (
            "engine.quotes_limit",
            left_out.get("cut", 0),
            "mails of which not all text or not all quoted lines were compared",
        ),
    )


class _Quotes:
    """One run over a lot; counts what was left out."""

    def __init__(self, tables: Tables, settings: Settings, write: Write) -> None:
        self._tables, self._write = tables, write
        self._limits = settings.limits
        self._mails = Rereading(settings.contents, write, _UNREAD, "engine.quotes_fault")
        self._texts: OrderedDict[int, Shown | None] = OrderedDict()
        self._bytes = self._waiting_bytes = self._cut = 0
        self._waiting: list[_Compared] = []

    def compare(self, pair: Pair) -> None:
        """Compare a mail, and write its row unless somebody else has to be asked."""
        with self._mails.guarded(pair.location):
            reply = self._text(pair.item, pair.location)
            blocks = list(blocks_of(reply)) if reply is not None else []
            nearest = self._first(pair) if blocks or reply is None else None
            if reply is None or nearest is None:
                return
            number, original = nearest
            result = Comparer(reply, original, self._further(pair, number, original), blocks).run()
            pair = msgspec.structs.replace(pair, direct=pair.direct and not number, sources=pair.sources[number:])
            if result.found:
                self._waiting.append(_Compared(pair, result, reply, original))
                self._waiting_bytes += reply.size + original.size
            elif result.lines:
                self._write("quotes", _row(pair, result, []))
            self._cut += bool(result.unread)
        if len(self._waiting) >= WAITING or self._waiting_bytes > KEPT_BYTES:
            self.settle()

    def settle(self) -> None:
        """Write the rows of mails with differences, with who else has either wording."""
        items = sorted({item for one in self._waiting for item in (one.pair.item, one.pair.sources[0].item)})
        answers: dict[int, list[Answer]] = {}
        for answer in self._tables.rows(ANSWERED, {"items": items}, Answer) if items else ():
            answers.setdefault(answer.source, []).append(answer)
        for one in self._waiting:
            with self._mails.guarded(one.pair.location):
                self._write("quotes", _row(one.pair, one.result, list(self._differences(one, answers))))
        self._waiting.clear()
        self._waiting_bytes = 0

    def _differences(self, one: _Compared, answers: dict[int, list[Answer]]) -> Iterator[DifferenceRow]:
        pair, source = one.pair, one.pair.sources[0]
        data = self._mails.read(pair.location), self._mails.read(_locations.decode(source.location))
        if data[0] is None or data[1] is None:
            return
        below = answers.get(pair.item, [])
        deeper = {answer.item for answer in below}
        beside = [
            answer
            for answer in answers.get(source.item, [])
            if answer.item not in deeper and answer.item != pair.item and answer.sender != pair.sender
        ]
        for found in one.result.found:
            edit = found.difference
            line = locate(data[0], self._limits, one.reply, found.start, found.end)
            original = locate(data[1], self._limits, one.original, edit.start, edit.end)
            yield DifferenceRow(
                kind=edit.kind,
                quoted=edit.quoted[:CITED],
                original=edit.original[:CITED],
                words=edit.words,
                matched=found.matched,
                depth=found.depth,
                line=row_of(line, CITED),
                original_line=row_of(original, CITED),
                repliers_as_quoted=self._agreeing(beside, found.quoted),
                repliers_as_original=self._agreeing(beside, found.original, found.quoted),
                answers_as_quoted=self._agreeing(below, found.quoted),
                answers_as_original=self._agreeing(below, found.original, found.quoted),
            )

    def _agreeing(self, answers: Sequence[Answer], letters: bytes, other: bytes = b"") -> int:
        """Return how many senders have a wording; *other*: one that holds it too, which then does not count."""
        found: set[str] = set()
        for answer in answers:
            text = self._text(answer.item, answer.location)
            if text is not None and letters in text.letters and not (letters in other and other in text.letters):
                found.add(answer.sender)
        return len(found)

    def _first(self, pair: Pair) -> tuple[int, Shown] | None:
        """Return the nearest mail above that can be read, with its number."""
        for number in range(len(pair.sources)):
            if (text := self._source(pair, number)) is not None:
                return number, text
        return None

    def _further(self, pair: Pair, number: int, original: Shown) -> Iterator[Shown]:
        """Yield what else may be quoted: the original's pages, and the mails beyond it."""
        if original.has_pages:
            data = self._mails.read(_locations.decode(pair.sources[number].location))
            if data is not None:
                yield read_pages(data, self._limits)
        for place in range(number + 1, len(pair.sources)):
            if (text := self._source(pair, place)) is not None:
                yield text

    def _source(self, pair: Pair, number: int) -> Shown | None:
        source = pair.sources[number]
        if source.item in self._texts:
            self._texts.move_to_end(source.item)
            return self._texts[source.item]
        return self._text(source.item, _locations.decode(source.location))

    def _text(self, item: int, location: Location) -> Shown | None:
        if item in self._texts:
            self._texts.move_to_end(item)
            return self._texts[item]
        data = self._mails.read(location)
        text = None
        if data is not None:
            text, whole = read_shown(data, self._limits)
            self._cut += not whole
        self._texts[item] = text
        self._bytes += text.size if text else 0
        while self._bytes > KEPT_BYTES and len(self._texts) > 1:
            _, gone = self._texts.popitem(last=False)
            self._bytes -= gone.size if gone else 0
        return text

    @property
    def left_out(self) -> LeftOut:
        """How many mails could not be read, and how many were not wholly compared."""
        return {"unread": self._mails.unread, "cut": self._cut}


def _row(pair: Pair, result: Comparison, differences: list[DifferenceRow]) -> QuoteRow:
    return QuoteRow(
        sha256=pair.sha256,
        original_sha256=pair.sources[0].sha256,
        direct=pair.direct,
        lines=result.lines,
        same=result.same,
        short=result.short,
        further=result.further,
        rewritten=result.rewritten,
        formal=result.formal,
        other=result.other,
        unread=result.unread,
        differing=result.differing,
        differences=differences,
    )
