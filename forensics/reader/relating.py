"""What an opened case says of items beside others: originals and near copies, threads, lineage, quoted mails."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection

from forensics.casestore import Queries
from forensics.model.comparing import ComparedLine, SetsCompared
from forensics.model.lineage import LineagePlace
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.summary import ItemFacts
from forensics.model.threads import ThreadPlace
from forensics.reader.lines import Lines
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_counterparts import read_counts, read_difference, read_lines
from forensics.reader.stored_lineage import read_lineage
from forensics.reader.stored_quotes import read_quoted_mails
from forensics.reader.stored_threads import read_place


class Relating(ABC):
    """The part of `Case` that is about what items are to each other."""

    _tables: Callable[[], Queries]
    """Gives the tables of the case."""
    _judged: Callable[[], Queries]
    """The same; refuses where the case is not wholly read and judged."""

    @abstractmethod
    def _gate(self) -> Gate:
        """Return what everything passes that is shown."""

    def counterparts(self) -> Lines[ComparedLine]:
        """Return the items that are not identical with their originals in the reference sources, and what has none.

        What nothing lawful explains comes first; of each line the one is the original. Empty without a reference.
        """
        return read_lines(self._judged()).changed(self._gate().compared)

    def difference(self, sha256: str, beside: Collection[str] = ()) -> ComparedLine | None:
        """Return in what an item, the one, differs from its original in a reference or from a document nearly as it is.

        As the case was last judged. ``None`` where nothing does, or one of the two may not be quoted.

        Args:
            sha256: digest of the item; empty where it was never read.
            beside: digests of items that stand beside it: of several documents that are nearly as it is these first.
        """
        found = read_difference(self._tables(), sha256, beside) if sha256 else None
        line = None if found is None else self._gate().compared(found)
        return None if line is None or line.restricted else line

    def compared(self) -> SetsCompared:
        """Return how many items were found to be what when they were compared with the reference sources."""
        return read_counts(self._judged())

    def thread(self, facts: ItemFacts) -> ThreadPlace | None:
        """Return where a mail stands in its thread, as the case was last judged; None: no mail, or never judged."""
        if not facts.ref.sha256 or self._gate().seals(facts.ref.sha256):
            return None
        return self._gate().clean(read_place(self._tables(), facts.ref.sha256))

    def lineage(self, facts: ItemFacts) -> LineagePlace | None:
        """Return where a document stands among those with which it shares editing sessions, as it was last judged.

        None: it shares them with no other, or the case was never judged.
        """
        if not facts.ref.sha256 or self._gate().seals(facts.ref.sha256):
            return None
        return self._gate().clean(read_lineage(self._tables(), facts.ref.sha256))

    def quoted(self, facts: ItemFacts) -> tuple[QuotedMailRow, ...]:
        """Return the mails that the texts of a mail quote, as far as these say."""
        if self._gate().seals(facts.ref.sha256):
            return ()
        return self._gate().clean(read_quoted_mails(self._tables(), facts.ref.sha256))
