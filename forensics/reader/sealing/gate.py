"""The one gate by which everything of a case leaves for display: marks are put on, what may not be quoted is taken out.

Without a list it costs nothing. With one, what an item or finding says is left out where that item, or another that it
cites, may not be quoted; and in all else the listed addresses and domains, and the places of such items, are replaced.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TypeVar, cast

import msgspec
from msgspec.structs import replace

from forensics.casestore import Queries
from forensics.errors import AmbiguousItem, Restricted
from forensics.model.comparing import ComparedItem, ComparedLine
from forensics.model.findings import Finding, ItemRef, Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.ledger import LedgerLine, MissingLine
from forensics.model.lineage import LineageFamily
from forensics.model.lines import ItemLine, ItemTime, Place
from forensics.model.locations import Location
from forensics.model.mark_lines import MarkLine
from forensics.model.marks import ItemMark
from forensics.model.restricting import RestrictionState
from forensics.model.searching import SearchLine
from forensics.model.signer_lines import SignerKeyLine
from forensics.model.summary import CaseSummary, ItemFacts, Lure
from forensics.model.texts import Attachment, Text
from forensics.reader.lines import Lines
from forensics.reader.sealing.cleaning import Cleaner
from forensics.reader.sealing.findings import SealedFindings
from forensics.reader.sealing.items import SealedItems, read_sealed
from forensics.reader.sealing.words import HIDDEN, Words
from forensics.reader.stored_marks import StandingMarks

T = TypeVar("T")
_TOLD = """
SELECT DISTINCT g.id FROM ghosts g JOIN threads t ON t.parent = g.number
WHERE t.sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY g.id
"""


class _Id(msgspec.Struct, frozen=True):
    id: str


class Gate:
    """What leaves a case for display passes one of its methods.

    Args:
        queries: the case.
    """

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self.marks = StandingMarks(queries)
        self._sealed = read_sealed(queries)
        self._words = Words(self._sealed.entries if self._sealed else ())
        self._cleaner = Cleaner(self._sealed, self._words) if self._sealed else None
        self._folders: dict[tuple[str, str], str] = {}

    @property
    def closed(self) -> bool:
        """Whether anything may not be quoted."""
        sealed = self._sealed
        return sealed is not None and bool(sealed.digests or sealed.unread)

    @cached_property
    def _findings(self) -> SealedFindings:
        return SealedFindings(self._queries, self._items)

    @property
    def _items(self) -> SealedItems:
        assert self._sealed is not None
        return self._sealed

    def state(self) -> RestrictionState:
        """Return what is in force."""
        sealed = self._sealed
        if sealed is None:
            return RestrictionState()
        return RestrictionState(
            entries=sealed.entries,
            idle=sealed.idle,
            items=len(sealed.digests),
            unread=len(sealed.unread),
            opened=sealed.opened,
        )

    def seals(self, sha256: str, location: Location | None = None) -> bool:
        """Whether an item may not be quoted."""
        return self._sealed is not None and self._sealed.seals(sha256, location)

    def withholds(self, sha256: str) -> bool:
        """Whether what is told of an item beside its place may not be shown: it is sealed, or an archive of such."""
        return self._sealed is not None and (sha256 in self._sealed.digests or sha256 in self._sealed.archives)

    @property
    def sealed(self) -> tuple[frozenset[str], frozenset[str]]:
        """Contents that may not be quoted, and the places of such items that were not read."""
        if self._sealed is None:
            return frozenset(), frozenset()
        return self._sealed.digests | self._sealed.archives, frozenset([text for _, text in self._sealed.unread])

    @property
    def unnamed(self) -> tuple[frozenset[str], frozenset[str]]:
        """The same without archives: of these the place is shown."""
        return (self._sealed.digests, self.sealed[1]) if self._sealed is not None else self.sealed

    def ambiguous(self, several: AmbiguousItem) -> AmbiguousItem:
        """Return the error of a reference that means several items, none described if one may not be quoted."""
        described = () if self.closed else several.described
        return AmbiguousItem(str(several), several.candidates, described)

    def refuse(self, what: str) -> None:
        """Refuse what no line can be taken out of.

        Raises:
            Restricted: something of the case may not be quoted.
        """
        if self.closed:
            raise Restricted(
                f"{what} shows all of a case, and some of this one may not be quoted (`forensics restrict`)"
            )

    def refuse_text(self, facts: ItemFacts) -> None:
        """Refuse the text of an item that may not be quoted.

        Raises:
            Restricted: it may not, or it is a file that holds such an item.
        """
        if self.seals(facts.ref.sha256, facts.ref.location) or self.withholds(facts.ref.sha256):
            raise Restricted(_REFUSED.format(digest=facts.ref.sha256[:16]))

    def refuse_bytes(self, facts: ItemFacts) -> None:
        """Refuse the bytes of an item that may not be quoted, or that hold such an item.

        Raises:
            Restricted: they may not be given.
        """
        self.refuse_text(facts)
        if self._sealed is not None and facts.ref.sha256 in self._sealed.holders:
            digest = facts.ref.sha256[:16]
            raise Restricted(f"{digest} holds an item that may not be quoted; unseal that, or read the others alone")

    def line(self, line: ItemLine) -> ItemLine:
        """Return a line of an item."""
        line = self.marks.on_line(line)
        if self._sealed is None:
            return line
        location = Location(line.location.steps)
        if self.seals(line.sha256, location):
            marks, notices = _unnoted(line.marks), _codes(line.notices)
            line = replace(line, notices=notices, marks=marks, label=None, restricted=True)
            return replace(line, location=self._place(line.location))
        if self.withholds(line.sha256):
            line = replace(line, notices=_codes(line.notices))
        return self.clean(line if self._items.place(location) is location else replace(line, label=None))

    def facts(self, facts: ItemFacts) -> ItemFacts:
        """Return the facts of an item."""
        facts = self.marks.on_facts(facts)
        if self._sealed is None:
            return facts
        if not self.seals(facts.ref.sha256, facts.ref.location):
            if self.withholds(facts.ref.sha256):
                notices = _codes(facts.notices)
                facts = replace(facts, claims=(), timestamps=(), notices=notices, headers=(), restricted=True)
            return self.clean(facts)
        return replace(
            facts,
            ref=replace(facts.ref, location=self._items.place(facts.ref.location)),
            title="",
            claims=(),
            occurrences=tuple([self._items.place(place) for place in facts.occurrences]),
            timestamps=(),
            notices=_codes(facts.notices),
            headers=(),
            marks=_unnoted(facts.marks),
            restricted=True,
        )

    def finding(self, finding: Finding) -> Finding:
        """Return a finding."""
        finding = self.marks.on_finding(finding)
        if self._sealed is None:
            return finding
        if self._findings.seals(finding.id) or self._findings.cites(finding):
            finding = replace(self._findings.finding(finding), marks=_unnoted(finding.marks))
        return self.clean(finding)

    def stored(self, stored: StoredFinding) -> StoredFinding:
        """Return a finding with its sentences."""
        if self._sealed is None:
            return stored
        if self._findings.seals(stored.finding.id) or self._findings.cites(stored.finding):
            stored = self._findings.stored(stored)
        return self.clean(stored)

    def ranked(self, line: Ranked) -> Ranked:
        """Return a line of the ranking."""
        line = self.marks.on_ranked(line)
        if self._sealed is None:
            return line
        told = [*line.items, *[one.item for one in line.related]]
        if any(map(self._findings.seals, line.findings)) or any(map(self._hides, told)):
            # it may say in other words what one of its findings, or another of its mails, says
            line = replace(line, conclusion="", side="", concluded=None, related=(), compared=())
        if any(map(self._hides, line.items)):
            line = replace(
                line,
                reasons=self._findings.reasons(line),
                supported_by=(),
                cluster=replace(line.cluster, value="") if line.cluster else None,
                marks=_unnoted(line.marks),
                restricted=True,
            )
        else:
            kept = self._findings.kept
            line = replace(line, reasons=kept(line.reasons), supported_by=kept(line.supported_by))
        return self.clean(line)

    def _hides(self, ref: ItemRef) -> bool:
        return self.seals(ref.sha256, ref.location) or self.withholds(ref.sha256)

    def found(self, line: SearchLine) -> SearchLine:
        """Return an item in which words were found: what was found stands where it did."""
        if line.excerpt is not None:
            line = replace(line, excerpt=replace(line.excerpt, text=self._words.masked(line.excerpt.text)))
        return self.clean(line)

    def set_aside(self, line: SetAside) -> SetAside:
        """Return a line of what was set aside."""
        if self._sealed is None:
            return line
        if any(map(self._hides, line.sample)):
            line = replace(line, group="")
        (statement,) = self._findings.kept([line.statement])
        return self.clean(replace(line, statement=statement))

    def compared(self, line: ComparedLine) -> ComparedLine:
        """Return a line of a comparison; where an original has no counterpart, nobody knows who got it."""
        if self._sealed is None:
            return line
        items = [one for one in (line.one, line.other) if one is not None]
        if line.other is None or any(self.seals(one.sha256, one.location) for one in items):
            one = self._unplaced(line.one) if line.one is not None else None
            line = replace(line, one=one, differences=(), restricted=True)
        return self.clean(line)

    def ledger(self, line: LedgerLine) -> LedgerLine:
        """Return a month of a mailbox; one that may not be named has a number."""
        if self._sealed is None or not self._sealed.hidden_folder(line.source, line.mailbox):
            return self.clean(line)
        name = self._folders.setdefault((line.source, line.mailbox), f"restricted-mailbox-{len(self._folders) + 1}")
        return self.clean(replace(line, mailbox=name))

    def missing(self, line: MissingLine) -> MissingLine:
        """Return a missing message, without what mails tell of it that may not be quoted."""
        if self._sealed is None:
            return line
        if line.named_by in self._sealed.digests or line.id in self._told or self._words.hidden(line.id) != line.id:
            hidden = {"id": HIDDEN, "subject": "", "quoted_name": "", "quoted_address": "", "quoted_date": ""}
            line = replace(line, **hidden, id_time="", id_scheme="", repliers=(), reference="", restricted=True)
        return self.clean(replace(line, reference=HIDDEN if line.reference else ""))

    @cached_property
    def _told(self) -> frozenset[str]:
        """The missing messages that a mail answers which may not be quoted."""
        rows = self._queries.rows(_TOLD, {"digests": sorted(self._items.digests)}, _Id)
        return frozenset([row.id for row in rows])

    def text(self, text: Text) -> Text:
        """Return what an item says, listed addresses and domains masked: characters keep their positions."""
        parts = tuple([replace(part, text=self._words.masked(part.text)) for part in text.parts])
        return replace(text, ref=self.clean(text.ref), parts=parts) if self._sealed is not None else text

    def attachments(self, found: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        """Return what a mail carries; files that may not be quoted without their names."""
        hidden = [replace(one, name="") if self.seals(one.sha256, one.location) else one for one in found]
        return self.clean(tuple(hidden))

    def times(self, lines: Lines[ItemTime]) -> Lines[ItemTime]:
        """Return times without those of items that may not be quoted."""
        if self._sealed is None:
            return lines

        def read(most: int | None) -> Iterator[ItemTime]:
            shown = (self.clean(one) for one in lines.first(None) if not self._untimed(one))
            return islice(shown, most)

        return Lines(read, lambda: sum(1 for _ in read(None)))

    def _untimed(self, time: ItemTime) -> bool:
        return self.withholds(time.sha256) or self.seals(time.sha256, time.location)

    def mark(self, line: MarkLine) -> MarkLine:
        """Return an act by which an item was marked."""
        if self._sealed is None:
            return line
        if self.seals(line.sha256, Location(line.location.steps)):
            line = replace(line, note="")
        return self.clean(line)

    def signer_key(self, line: SignerKeyLine) -> SignerKeyLine:
        """Return an author's key; the names of one whose address may not be quoted go with it."""
        shown = self.clean(line)
        return replace(shown, names=()) if shown.addresses != line.addresses else shown

    def summary(self, summary: CaseSummary) -> CaseSummary:
        """Return what a report shows."""
        ranking = tuple([self.ranked(line) for line in summary.ranking])
        summary = replace(summary, ranking=ranking)
        if self._sealed is None:
            return summary
        ledger = summary.ledger
        if ledger is not None:
            ledger = replace(ledger, months=tuple([self.ledger(line) for line in ledger.months]))
        return replace(
            summary,
            findings={key: self.stored(stored) for key, stored in summary.findings.items()},
            items={key: self.facts(facts) for key, facts in summary.items.items()},
            lures=tuple([self._lure(lure) for lure in summary.lures]),
            set_aside=tuple([self.set_aside(line) for line in summary.set_aside]),
            senders=tuple([self.clean(line) for line in summary.senders]),
            agreeing=self.clean(summary.agreeing),
            extent=self.clean(summary.extent),
            accounts=self.clean(summary.accounts),
            ledger=ledger,
            families=tuple(map(self._family, summary.families)),
            restricted=len(self._items.digests) + len(self._items.unread),
        )

    def _family(self, family: LineageFamily) -> LineageFamily:
        """Return a family; of documents that may not be quoted, and of what was made from them, the place alone."""
        hidden = {one.place for one in family.members if self._hides(one.ref)}
        known = {one.place for one in family.members} - hidden
        told = [
            replace(one, relation="", other=0, sessions=0, other_sessions=0, shared=0, saved=None)
            if one.place in hidden
            else replace(one, relation="", other=0, other_sessions=0, shared=0)
            if one.other and one.other not in known
            else one
            for one in family.members
        ]
        return self.clean(replace(family, members=tuple(told)))

    def _lure(self, lure: Lure) -> Lure:
        findings = tuple([self.stored(stored) for stored in lure.findings])
        if self.withholds(lure.sha256) or any(stored.finding.restricted for stored in findings):
            return replace(lure, sender="", subject="", place=HIDDEN, findings=findings)
        return self.clean(replace(lure, findings=findings))

    def _place(self, place: Place) -> Place:
        return Place.of(self._items.place(Location(place.steps)))

    def _unplaced(self, item: ComparedItem) -> ComparedItem:
        """Return an item of a reference source without its place: who got it is not known."""
        first = item.location.steps[0]
        return replace(item, location=Location((replace(first, name=HIDDEN, start=0, end=0),)))

    def clean(self, value: T) -> T:
        """Return a value with every listed address and domain, and every place that may not be named, replaced."""
        return value if self._cleaner is None else cast(T, self._cleaner.clean(value))


_REFUSED = "{digest} may not be quoted; `forensics restrict CASE --unseal ITEM --by WHO` opens it"


def _codes(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return notices without their texts, which may name what they met."""
    return tuple([Notice(code=one.code, text="", unread=one.unread) for one in notices])


def _unnoted(marks: tuple[ItemMark, ...]) -> tuple[ItemMark, ...]:
    """Return marks without their notes, which may say what the item says."""
    return tuple([replace(mark, note="") for mark in marks])
