"""What items of an opened case hold: their bytes, texts and files, read again from the source, and words in them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from forensics.casestore import Queries
from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import Wanted
from forensics.model.comparing import ComparedItem, ComparedLine, line_of
from forensics.model.summary import ItemFacts
from forensics.model.texts import Attachment, Text
from forensics.reader.lookup import Lookup
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_attachments import read_attachments

if TYPE_CHECKING:
    from forensics.reader.searching.found import Found
    from forensics.reader.searching.search import Searcher


class Reading(ABC):
    """The part of `Case` that is about what items hold."""

    _lookup: Lookup
    """Finds items by what names them."""
    _desk: Desk
    """Reads the evidence."""

    _tables: Callable[[], Queries]
    """Gives the tables of the case."""

    @abstractmethod
    def _gate(self) -> Gate:
        """Return what everything passes that is shown."""

    @abstractmethod
    def _searching(self) -> "Searcher":
        """Return what looks for words."""

    def read(self, ref: str | int | ItemFacts) -> bytes:
        """Return the bytes of one item, read again from its source through every layer, its digest checked.

        Args:
            ref: what names it, or its facts.

        Raises:
            IntegrityError: other bytes stand there now.
            Restricted: it may not be quoted.
            IntakeError: the source is not at hand, or the item could not be read at the scan.
            NotRead: it brought the process that read it to its end.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        facts = self._asked(ref)
        self._gate().refuse_bytes(facts)
        return self._desk.read(Wanted.of(facts))

    def text(self, ref: str | int | ItemFacts) -> Text:
        """Return what one item says: a mail's texts, or a file that is text; pages as text. Nothing is run or loaded.

        Args:
            ref: what names it, or its facts.

        Raises:
            NoText: it is neither a mail nor a text.
            Restricted: it may not be quoted.
            IntegrityError: other bytes stand in the source now.
            IntakeError: the source is not at hand, or the item could not be read at the scan.
            NotRead: it brought the process that read it to its end.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        facts = self._asked(ref)
        self._gate().refuse_text(facts)
        text = Text(ref=self._gate().facts(facts).ref, parts=self._desk.texts(Wanted.of(facts)))
        return self._gate().text(text)

    def compare(self, one: str | int | ItemFacts, other: str | int | ItemFacts) -> ComparedLine:
        """Return in what two items differ, read again from the source: mails field by field and word by word.

        Args:
            one: what names it, or its facts.
            other: the same.

        Raises:
            Restricted: one may not be quoted.
            IntegrityError: other bytes stand in the source now.
            IntakeError: the source is not at hand, or one could not be read at the scan.
            NotRead: they brought the process that read them to its end.
            UnknownItem: one means no item.
            AmbiguousItem: one means several.
        """
        first, second = self._asked(one), self._asked(other)
        for facts in (first, second):
            self._gate().refuse_bytes(facts)
        found = self._desk.difference(Wanted.of(first), Wanted.of(second))
        matched_by = "digest" if found.identical else "given"
        return self._gate().compared(line_of(found, _compared(first), _compared(second), matched_by))

    def attachments(self, facts: ItemFacts) -> tuple[Attachment, ...]:
        """Return the files that a mail carries, in its order; none where it is no mail. Each is an item of its own."""
        gate = self._gate()
        return () if gate.seals(facts.ref.sha256) else gate.attachments(read_attachments(self._tables(), facts))

    def _asked(self, ref: str | int | ItemFacts) -> ItemFacts:
        """Return one item as it stands in the tables: where something may not be quoted, facts may lack places."""
        if isinstance(ref, ItemFacts) and ref.ref.sha256 and self._gate().closed:
            ref = ref.ref.sha256
        return self._lookup.any(ref)

    def search(self, words: str, *, part: bool = False, excerpts: bool = True) -> "Found":
        """Return the items that hold all words, in the order of their first places, as far as `Found.coverage` says.

        Args:
            words: words at white space, ``"in quotes"`` a phrase, ``invoic*`` whatever begins so; case, accents and
                ligatures do not count. Without an index (`build_index`) subjects and names alone are searched.
            part: words may be parts of words; subjects, names, addresses and ids are searched then, no texts.
            excerpts: whether the words around what was found are read again from the source.

        Raises:
            UsageError: there is no word in what is asked, or there are too many.
            IntegrityError: the index is not the one that was made.
        """
        return self._searching().parts(words) if part else self._searching().words(words, excerpts=excerpts)

    def digests(self, words: str, *, most: int | None = None) -> list[str]:
        """Return the digests of the items that hold all words, at most *most*, by the index and nothing else.

        Raises:
            NoIndex: the case has no index.
            UsageError: there is no word in what is asked, or there are too many.
            IntegrityError: the index is not the one that was made.
        """
        return self._searching().digests(words, most)


def _compared(facts: ItemFacts) -> ComparedItem:
    return ComparedItem(sha256=facts.ref.sha256, location=facts.ref.location)
