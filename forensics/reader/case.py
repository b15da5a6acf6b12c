"""An opened case: its items, mails, findings, ranking and times; bytes and texts of an item; SQL over its tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from forensics.casestore import CaseFolder, LockedViews, Parameters, Queries, Rows, table_files
from forensics.casestore import reached as reached_by
from forensics.engine.roots import roots_of
from forensics.errors import AmbiguousItem, CaseChanged, UsageError
from forensics.model.case import CaseInfo
from forensics.model.comparing import ComparedLine, SetsCompared
from forensics.model.findings import Finding, Ranked, SetAside
from forensics.model.items import MemoryBytes
from forensics.model.key_lines import KeyLine, KeyUse, SignatureVerdict
from forensics.model.ledger import LedgerLine, LedgerReach, MissingLine
from forensics.model.lines import ItemLine, ItemTime
from forensics.model.messages import MessageFacts
from forensics.model.paths import AnyPath
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.scanning import Reached
from forensics.model.signer_lines import SignedPartLine, SignerKeyLine, SignerUse
from forensics.model.summary import ItemFacts
from forensics.model.texts import Text
from forensics.model.threads import ThreadPlace
from forensics.reader.in_language import Row, in_language
from forensics.reader.item_bytes import ItemBytes
from forensics.reader.item_text import has_text, text_of
from forensics.reader.ledger import read_ledger, read_reach
from forensics.reader.lines import Lines
from forensics.reader.lookup import Lookup
from forensics.reader.missing_messages import read_missing
from forensics.reader.reached import settled
from forensics.reader.stored_counterparts import read_counts, read_lines
from forensics.reader.stored_findings import known_rule, read_findings, read_ranking, read_set_aside, strengths
from forensics.reader.stored_items import item_lines, known_status
from forensics.reader.stored_keys import read_keys, read_uses
from forensics.reader.stored_messages import read_messages
from forensics.reader.stored_quotes import read_quoted_mails
from forensics.reader.stored_signatures import read_chain, read_signatures
from forensics.reader.stored_signed_parts import read_signed_parts
from forensics.reader.stored_signers import read_signer_keys, read_signers
from forensics.reader.stored_threads import read_place
from forensics.reader.stored_times import StoredTimes

_Opened = TypeVar("_Opened")


def open_case(
    path: AnyPath,
    *,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    passwords: Sequence[bytes] = (),
    partial: bool = False,
) -> "Case":
    """Open a case to read it; nothing is written to it.

    Args:
        path: the case folder.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``; one that is not named is looked for
            where it lay at the scan.
        passwords: tried in order on encrypted members when bytes are read again.
        partial: whether results may be asked of a case that is not wholly read and judged.

    Raises:
        UsageError: a source is not one of the case.
        OtherVersion: it is a case that this version cannot read.
        CaseStoreError: the folder is no case.
    """
    folder = CaseFolder.open(Path(path))
    return Case(folder, roots_of(folder.info, sources), passwords, partial=partial)


class Case:
    """An opened case; made by `open_case`, closed at the end of its ``with`` block.

    It shows the tables as they stood when they were first asked for. Lists are streamed: they hold a few rows at a
    time, and end with the case. A *ref* is what names an item: its SHA-256, at least 8 hex digits that begin it, its
    location as text, or a rank (``3`` or ``"#3"``). It is for one thread.
    """

    def __init__(
        self, folder: CaseFolder, roots: Mapping[str, Path], passwords: Sequence[bytes], *, partial: bool
    ) -> None:
        self._folder = folder
        self._partial = partial
        self._bytes = ItemBytes(folder, roots, passwords)
        self._queries: Queries | None = None
        self._views: LockedViews | None = None
        self._settled_at = -1
        self._files: Mapping[str, Mapping[Path, str]] | None = None
        self._lookup = Lookup(self._tables, self._judged, self._bytes)
        self._closed = False

    def __enter__(self) -> "Case":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and files back; a second call does nothing."""
        self._closed = True
        self._bytes.close()
        for opened in (self._queries, self._views):
            if opened is not None:
                opened.close()
        self._queries = self._views = None

    @property
    def path(self) -> Path:
        """The case folder."""
        return self._folder.path

    @property
    def info(self) -> CaseInfo:
        """What ``case.json`` says: case number, sources, versions, options."""
        return self._folder.info

    def reached(self) -> Reached:
        """Return how far reading and judging have got by now."""
        return reached_by(self._folder)

    def items(self, *, status: str = "", media_type: str = "") -> Lines[ItemLine]:
        """Return every occurrence that has been read so far, in the order of locations.

        Args:
            status: only ``parsed``, ``partial``, ``unread`` or ``skipped``; empty: all.
            media_type: only this type; empty: all.

        Raises:
            UsageError: no such status.
        """
        return item_lines(self._tables(), status=known_status(status), media_type=media_type)

    def messages(self) -> Iterator[MessageFacts]:
        """Return every mail once, in the order of its first place."""
        return read_messages(self._tables())

    def keys(self) -> Lines[KeyLine]:
        """Return the keys that the case has, by domain and selector, with what each opens, as it was last judged."""
        return read_keys(self._tables())

    def key_coverage(self) -> Lines[KeyUse]:
        """Return the selectors that signatures use and the key at hand for each, as the case was last judged.

        First come those whose keys would decide most mails.
        """
        return read_uses(self._tables())

    def signer_keys(self) -> Lines[SignerKeyLine]:
        """Return the authors' keys that the case has, by address, with what each opens, as it was last judged."""
        return read_signer_keys(self._tables())

    def signer_coverage(self) -> Lines[SignerUse]:
        """Return the authors who sign with S/MIME or OpenPGP and the key at hand for each, as the case was last judged.

        First come those whose keys would decide most mails.
        """
        return read_signers(self._tables())

    def counterparts(self) -> Lines[ComparedLine]:
        """Return the items that are not identical with their originals in the reference sources, and what has none.

        What nothing lawful explains comes first; of each line the one is the original. Empty without a reference.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_lines(self._judged())

    def compared(self) -> SetsCompared:
        """Return how many items were found to be what when they were compared with the reference sources.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_counts(self._judged())

    def signatures(self, facts: ItemFacts) -> tuple[SignatureVerdict, ...]:
        """Return what the signatures of a mail say under the keys at hand, as the case was last judged."""
        return read_signatures(self._tables(), [facts.ref.sha256] if facts.ref.sha256 else [])

    def chain(self, facts: ItemFacts) -> ChainRow | None:
        """Return what a verifier says of the ARC chain of a mail under the keys at hand; none where it has no chain."""
        return read_chain(self._tables(), facts.ref.sha256)

    def signed_parts(self, facts: ItemFacts) -> tuple[SignedPartLine, ...]:
        """Return what the parts of a mail say that its author signed or encrypted, as the case was last judged."""
        return read_signed_parts(self._tables(), facts.ref.sha256)

    def thread(self, facts: ItemFacts) -> ThreadPlace | None:
        """Return where a mail stands in its thread, as the case was last judged; None: no mail, or never judged."""
        return read_place(self._tables(), facts.ref.sha256) if facts.ref.sha256 else None

    def quoted(self, facts: ItemFacts) -> tuple[QuotedMailRow, ...]:
        """Return the mails that the texts of a mail quote, as far as these say."""
        return read_quoted_mails(self._tables(), facts.ref.sha256)

    def item(self, ref: str | int) -> ItemFacts:
        """Return one item: facts, all clocks, power, and of a mail its header fields, read again from the source.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several, or copies that were read differently: `members` returns them.
            NotJudged: it is a rank of a case that is not wholly read and judged.
        """
        found = self.members(ref)
        if len(found) == 1:
            return found[0]
        alike = len({facts.ref.sha256 for facts in found}) == 1
        names = [facts.ref.location.text if alike else facts.ref.sha256[:16] for facts in found][:6]
        raise AmbiguousItem(f"{ref!r} means several items: {', '.join(names)}", names)

    def members(self, ref: str | int) -> tuple[ItemFacts, ...]:
        """Return the items that a reference means: all members of a rank that is a cluster, copies read differently.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several digests, and is no rank.
            NotJudged: it is a rank of a case that is not wholly read and judged.
        """
        meant = self._lookup.meant(ref)
        return tuple([self._lookup.with_headers(facts) for facts in self._lookup.facts(meant)])

    def findings(
        self, ref: str | int | None = None, *, strength: str = "context", rule: str = "", starts: str = ""
    ) -> Lines[Finding]:
        """Return findings, strongest first, then by rule and id.

        Args:
            ref: only about this item, or the members of this rank; ``None``: all.
            strength: this and above.
            rule: only of this rule; empty: all.
            starts: only about items whose SHA-256 starts so, however many digits are given; empty: all.

        Raises:
            UsageError: no such strength or rule.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        words, rule = strengths(strength), known_rule(rule)
        queries = self._judged()
        if ref is None:
            return read_findings(queries, words, rule=rule, items=(starts,) if starts else ())
        meant = self._lookup.meant(ref)
        return read_findings(queries, words, rule=rule, items=[one for one in meant.digests if one], place=meant.unread)

    def rank(self, *, strength: str = "context") -> Lines[Ranked]:
        """Return the ranking in its order, lines of this strength and above.

        Raises:
            UsageError: no such strength.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        words = strengths(strength)
        return read_ranking(self._judged(), words)

    def set_aside(self) -> Iterator[SetAside]:
        """Return what was brought down to context, by rule and reason; `rank` says the same of what was not.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_set_aside(self._judged())

    def in_language(self, rows: Iterable[Row], language: str) -> tuple[Row, ...]:
        """Return findings, lines of the ranking or of what was set aside with their sentences in a language.

        What a case of an earlier version has no key for, or the catalogue no translation, stays in English.

        Args:
            rows: of this case.
            language: ``en``, or a language that has a catalogue.

        Raises:
            UsageError: there is no such language.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return in_language(self._judged(), rows, language)

    def ledger(self, *, marked: bool = False) -> Lines[LedgerLine]:
        """Return what each mailbox holds and lacks, by month: those with most mails first.

        Args:
            marked: only months that show more than chance allows.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_ledger(self._judged(), self.info.options.leave_out, marked=marked)

    def missing(self) -> Lines[MissingLine]:
        """Return the messages that mails name and the archive does not hold, those with most replies first.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_missing(self._judged())

    def ledger_reach(self) -> LedgerReach:
        """Return what the ledger can rest on: an archive whose mails name no other says nothing of missing ones.

        Raises:
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        return read_reach(self._judged())

    def timeline(self, ref: str | int | None = None, *, starts: str = "", written: bool = False) -> Lines[ItemTime]:
        """Return every time of what has been read so far that has a date, by moment, then by place.

        A local time stands where its reading would, were it UTC. The first of them go on as long as moment, place and
        description are those of the last.

        Args:
            ref: only of this item; ``None``: all.
            starts: only of items whose SHA-256 starts so, however many digits are given; empty: all.
            written: leave out what has no calendar form in the years 1 to 9999.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        if ref is None:
            return StoredTimes(self._tables(), starts=starts, written=written).lines()
        place = self._lookup.meant(ref).unread
        return StoredTimes(self._tables(), starts=self._lookup.only(ref), place=place, written=written).lines()

    def read(self, ref: str | int) -> bytes:
        """Return the bytes of one item, read again from its source through every layer, its digest checked.

        Raises:
            IntegrityError: other bytes stand there now.
            IntakeError: the source is not at hand, or the item could not be read at the scan.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        source = self._lookup.source(self._lookup.any(ref))
        return source.read(0, source.size)

    def text(self, ref: str | int) -> Text:
        """Return what one item says: a mail's texts, or a file that is text; pages as text. Nothing is run or loaded.

        Raises:
            NoText: it is neither a mail nor a text.
            IntegrityError: other bytes stand in the source now.
            IntakeError: the source is not at hand, or the item could not be read at the scan.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        facts = self._lookup.any(ref)
        return text_of(facts, self._lookup.source(facts) if has_text(facts) else MemoryBytes(b""))

    def sql(self, query: str, parameters: Parameters = ()) -> Rows:
        """Run one SELECT over the tables and views of ``views.sql``, with instants as TIMESTAMP columns in UTC.

        It runs in a database of its own that reads these tables and nothing else: no other file, no network, no
        extension, and nothing is written. Values go in as parameters: ``$name`` or ``?``.

        Raises:
            UsageError: it is not one SELECT over the views, or fails.
        """
        self._views = self._open(self._views, LockedViews)
        return self._views.query(query, parameters)

    def _tables(self) -> Queries:
        if self._queries is None and not self._closed:
            self._files = table_files(self._folder)
        self._queries = self._open(self._queries, Queries)
        return self._queries

    def _open(self, known: _Opened | None, kind: Callable[[CaseFolder], _Opened]) -> _Opened:
        if self._closed:
            raise UsageError("this case is closed; open it again")
        return kind(self._folder) if known is None else known

    def _judged(self) -> Queries:
        """Return the tables, if results may be read from them; looked at again once the log has grown."""
        if not self._partial:
            size = self._folder.custody.size()
            if size != self._settled_at:
                settled(self._folder, partial=False)
                if self._files is not None and table_files(self._folder) != self._files:
                    raise CaseChanged(f"{self.path} was written to since it was opened; open it again")
                self._settled_at = size
        return self._tables()
