"""An opened case: its items, mails, findings, ranking and times; bytes and texts of an item; SQL over its tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from forensics.casestore import CaseFolder, Parameters, Rows
from forensics.casestore import reached as reached_by
from forensics.engine.desk.desk import desk_of
from forensics.engine.roots import roots_of
from forensics.errors import AmbiguousItem
from forensics.model.accounts import AccountLine
from forensics.model.case import CaseInfo
from forensics.model.findings import Finding, ItemRef, Ranked, SetAside
from forensics.model.ledger import LedgerLine, LedgerReach, MissingLine
from forensics.model.lines import ItemLine, ItemTime
from forensics.model.mark_lines import MarkLine
from forensics.model.messages import MessageFacts
from forensics.model.paths import AnyPath
from forensics.model.restricting import RestrictionState
from forensics.model.scanning import Reached
from forensics.model.selecting import Matches, Selection
from forensics.model.summary import ItemFacts
from forensics.reader.labels import label_findings, label_items, label_ranking
from forensics.reader.ledger import read_ledger, read_reach
from forensics.reader.lines import Lines
from forensics.reader.lookup import Lookup
from forensics.reader.reading import Reading
from forensics.reader.relating import Relating
from forensics.reader.sealing.gate import Gate
from forensics.reader.selecting import Selected
from forensics.reader.signing import Signing
from forensics.reader.stored_accounts import accounts
from forensics.reader.stored_findings import (
    known_rule,
    read_entry,
    read_findings,
    read_ranking,
    read_set_aside,
    strengths,
)
from forensics.reader.stored_items import item_lines, known_status
from forensics.reader.stored_marks import key_of, read_marks
from forensics.reader.stored_messages import read_messages
from forensics.reader.stored_tables import StoredTables
from forensics.reader.stored_times import StoredTimes

if TYPE_CHECKING:
    from forensics.reader.in_language import Row
    from forensics.reader.searching.search import Searcher


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


class Case(Reading, Relating, Signing):
    """An opened case; made by `open_case`, closed at the end of its ``with`` block.

    It shows the tables as they stood when they were first asked for. Lists are streamed: they hold a few rows at a
    time, and end with the case. A *ref* is what names an item: a rank (``3``, ``"3"`` or ``"#3"``), its SHA-256, at
    least 6 hex digits that begin it, its location as text, encoded or readable. *where* chooses the items that a list
    is about; the date or reference in it may be none, which is a `UsageError`. It is for one thread.

    Results of a case that is not wholly read and judged are refused, unless it was opened with ``partial``: findings,
    ranking, what was set aside, ledger, missing messages, counterparts, and items named by a rank raise `NotJudged`.
    """

    def __init__(
        self, folder: CaseFolder, roots: Mapping[str, Path], passwords: Sequence[bytes], *, partial: bool
    ) -> None:
        self._folder = folder
        self._stored = StoredTables(folder, partial=partial)
        self._tables, self._judged = self._stored.all, self._stored.judged
        self._desk = desk_of(folder, roots, passwords)
        self._searcher: Searcher | None = None
        self._shown: Gate | None = None
        self._lookup = Lookup(self._tables, self._judged, self._desk, self._gate)
        self._selected = Selected(
            self._tables,
            lambda ref: self._lookup.meant(ref).digests,
            lambda words: self._searching().digests(words, None),
            lambda: self._gate().sealed,
        )

    def __enter__(self) -> "Case":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and files back; a second call does nothing."""
        if self._searcher is not None:
            self._searcher.close()
        for opened in (self._selected, self._desk, self._stored):
            opened.close()

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

    def items(self, *, status: str = "", media_type: str = "", where: Selection | None = None) -> Lines[ItemLine]:
        """Return every occurrence that has been read so far, in the order of locations.

        Args:
            status: only ``parsed``, ``partial``, ``unread`` or ``skipped``, or as tables print it; empty: all.
            media_type: only this type, or type as tables print it; empty: all.
            where: only these; ``None``: all.

        Raises:
            UsageError: no such status.
        """
        chosen, status = self._selected.table(where), known_status(status)
        lines = item_lines(self._tables(), status=status, media_type=media_type, chosen=chosen)
        return label_items(self._tables(), lines).changed(self._gate().line)

    def accounts(self) -> Lines[AccountLine]:
        """Return what became of the bytes of each source: read, not read and why, left alone, holding nothing."""
        finished = self.reached().finished
        return accounts(self._tables(), self.info, finished=finished).changed(self._gate().clean)

    def matches(self, where: Selection) -> Matches:
        """Return how many items the filters match, alone and together; what may not be quoted is not counted."""
        return self._selected.matches(where)

    def messages(self) -> Iterator[MessageFacts]:
        """Return every mail once, in the order of its first place; those that may not be quoted are left out."""
        gate = self._gate()
        return (gate.clean(mail) for mail in read_messages(self._tables()) if not gate.seals(mail.sha256))

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
        gate, found = self._gate(), self._lookup.facts(meant)
        return tuple([gate.facts(self._lookup.with_headers(facts)) for facts in found])

    def together(self, ref: str | int) -> tuple[ItemRef, ...]:
        """Return the items that stand together under a reference: of a rank all, partners too; else one.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several digests, and is no rank.
            NotJudged: it is a rank of a case that is not wholly read and judged.
        """
        return self._gate().clean(self._lookup.entry(ref))

    def marks(self, ref: str | int | None = None) -> Lines[MarkLine]:
        """Return every act by which readers marked items, in their order; what was undone or superseded too.

        Args:
            ref: only on this item, or the items of this rank; ``None``: all.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several digests, and is no rank.
            NotJudged: it is a rank of a case that is not wholly read and judged.
        """
        keys = None
        if ref is not None:
            keys = {key_of(one.sha256, one.location.text) for one in self._lookup.entry(ref)}
        return read_marks(self._tables(), keys).changed(self._gate().mark)

    def findings(
        self,
        ref: str | int | None = None,
        *,
        strength: str = "context",
        rule: str = "",
        starts: str = "",
        where: Selection | None = None,
    ) -> Lines[Finding]:
        """Return findings, strongest first, then by rule and id.

        Args:
            ref: only about this item, or the members of this rank, without labels; ``None``: all.
            strength: this and above.
            rule: only of this rule, whose id may lack what stands before the point; empty: all.
            where: only about an item of these, as one that is wrong or may be; ``None``: all.
            starts: only about items whose SHA-256 starts so, however many digits are given; empty: all.

        Raises:
            UsageError: no such strength or rule.
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        words, rule = strengths(strength), known_rule(rule)
        queries, chosen = self._judged(), self._selected.table(where)
        items, place = [starts] if starts else [], ""
        if ref is not None:
            meant = self._lookup.meant(ref)
            items, place = [one for one in meant.digests if one], meant.unread
        lines = read_findings(queries, words, rule=rule, items=items, place=place, chosen=chosen)
        return (lines if ref is not None else label_findings(queries, lines)).changed(self._gate().finding)

    def rank(self, *, strength: str = "context", where: Selection | None = None) -> Lines[Ranked]:
        """Return the ranking in its order, lines of this strength and above.

        Args:
            strength: this and above.
            where: only lines that name an item of these; ``None``: all.

        Raises:
            UsageError: no such strength.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        words = strengths(strength)
        lines = read_ranking(self._judged(), words, chosen=self._selected.table(where))
        return label_ranking(self._judged(), lines).changed(self._gate().ranked)

    def entry(self, sha256: str) -> Ranked | None:
        """Return the first line of the ranking that is about an item, as the case was last judged; None: none is."""
        line = read_entry(self._tables(), sha256)
        return None if line is None else self._gate().ranked(line)

    def set_aside(self) -> Iterator[SetAside]:
        """Return what was brought down to context, by rule and reason; `rank` says the same of what was not."""
        return map(self._gate().set_aside, read_set_aside(self._judged()))

    def in_language(self, rows: "Iterable[Row]", language: str) -> "tuple[Row, ...]":
        """Return findings, lines of the ranking or of what was set aside with their sentences in a language.

        What a case of an earlier version has no key for, or the catalogue no translation, stays in English.

        Args:
            rows: of this case.
            language: ``en``, or a language that has a catalogue.

        Raises:
            UsageError: there is no such language.
            NotJudged: the case is not wholly read and judged, and was not opened with ``partial``.
        """
        from forensics.reader.in_language import in_language

        return in_language(self._judged(), rows, language, self._gate().stored)

    def ledger(self, *, marked: bool = False) -> Lines[LedgerLine]:
        """Return what each mailbox holds and lacks, by month: those with most mails first.

        Args:
            marked: only months that show more than chance allows.
        """
        lines = read_ledger(self._judged(), self.info.options.leave_out, marked=marked)
        return lines.changed(self._gate().ledger)

    def missing(self) -> Lines[MissingLine]:
        """Return the messages that mails name and the archive does not hold, those with most replies first."""
        from forensics.reader.missing_messages import read_missing

        return read_missing(self._judged()).changed(self._gate().missing)

    def ledger_reach(self) -> LedgerReach:
        """Return what the ledger can rest on: an archive whose mails name no other says nothing of missing ones."""
        return read_reach(self._judged())

    def timeline(
        self,
        ref: str | int | None = None,
        *,
        starts: str = "",
        written: bool = False,
        where: Selection | None = None,
    ) -> Lines[ItemTime]:
        """Return every time of what has been read so far that has a date, by moment, then by place.

        A local time stands where its reading would, were it UTC. The first of them go on as long as moment, place and
        description are those of the last.

        Args:
            ref: only of this item; ``None``: all.
            starts: only of items whose SHA-256 starts so, however many digits are given; empty: all.
            written: leave out what has no calendar form in the years 1 to 9999.
            where: only of these items; ``None``: all.

        Raises:
            UnknownItem: *ref* means no item.
            AmbiguousItem: it means several.
        """
        place = ""
        if ref is not None:
            starts, place = self._lookup.only(ref), self._lookup.meant(ref).unread
        chosen = self._selected.table(where)
        times = StoredTimes(self._tables(), starts=starts, place=place, written=written, chosen=chosen)
        return self._gate().times(times.lines())

    def restriction(self) -> RestrictionState:
        """Return what may not be quoted: the list in force, and how many items that are."""
        return self._gate().state()

    def sql(self, query: str, parameters: Parameters = ()) -> Rows:
        """Run one SELECT over the tables and views of ``views.sql``, with instants as TIMESTAMP columns in UTC.

        It runs in a database of its own that reads these tables and nothing else: no other file, no network, no
        extension, and nothing is written. Values go in as parameters: ``$name`` or ``?``.

        Raises:
            UsageError: it is not one SELECT over the views, or fails.
            Restricted: something of the case may not be quoted, and no row tells what it was made of.
        """
        self._gate().refuse("sql")
        return self._stored.views().query(query, parameters)

    def _searching(self) -> "Searcher":
        if self._searcher is None:
            from forensics.reader.searching.search import Searcher

            self._searcher = Searcher(self._folder, self._tables(), self._desk, self._gate())
        return self._searcher

    def _gate(self) -> Gate:
        if self._shown is None:
            self._shown = Gate(self._tables())
        return self._shown
