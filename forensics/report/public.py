"""The edition for the public: pseudonyms for who is not in a ranked item; paths, marks and others' words are withheld.

It works on what the report is made of, so that no template has to remember it. What stays: the ranked items with their
parties, subjects and dates, the statements, and the deciding bytes of the evidence.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from forensics.knowledge.wording import Wording
from forensics.model.findings import (
    Compared,
    EvidenceAggregate,
    EvidenceBytes,
    Finding,
    ItemRef,
    Ranked,
    Raw,
    StoredFinding,
)
from forensics.model.ledger import Ledger
from forensics.model.lineage import LineageFamily
from forensics.model.locations import Location, StepKind, quote
from forensics.model.rules import Proposition, Role
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary, ItemFacts

WITHHELD = says("report.public.withheld", one="[withheld]")
_PERSON = says("report.public.person", one="person {n}")
_MAILBOX = says("report.public.mailbox", one="mailbox {n}")

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w.'\u2019-]{0,40}|van|von|der|den|de|du|di|da|dos|la|le|el|al|bin|ter|ten)"
_PARTY = re.compile(rf'(?:"[^"<>]{{1,100}}" ?|(?:{_WORD} ){{0,6}})<({_ADDRESS.pattern})>')
"""An address with the name before it: words that begin with a capital, and what stands between the parts of names."""
_PARTIES = frozenset({"From", "Sender", "Reply-To", "To", "Cc", "Bcc"})
_NAMED_STEPS = frozenset({StepKind.FILE, StepKind.ZIP_MEMBER})
_NO_NAME = quote(b"(withheld)")
_NOTHING = Raw(b64=b"", text="")
_Kind = TypeVar("_Kind")


def for_public(summary: CaseSummary, addresses: Collection[str], say: Wording) -> CaseSummary:
    """Return what the public edition is made of.

    Args:
        summary: what the report is made of.
        addresses: of all parties of the case, lower case: other texts with an ``@`` are ids of messages.
        say: the language of the pseudonyms.
    """
    ranked = {ref.sha256 for line in summary.ranking for ref in line.items}
    own = [claim for sha256 in sorted(ranked) if sha256 in summary.items for claim in summary.items[sha256].claims]
    named = {found.lower() for label, value in own if label in _PARTIES for found in _ADDRESS.findall(value)}
    edition = _Edition(ranked, frozenset(addresses) - named, say)
    return edition.whole(summary)


class _Edition:
    """One public edition; pseudonyms are numbered as they are met."""

    def __init__(self, ranked: Collection[str], hidden: Collection[str], say: Wording) -> None:
        self._ranked, self._hidden, self._say = ranked, hidden, say
        self._withheld = say.say(WITHHELD)
        self._people: dict[str, str] = {}

    def whole(self, summary: CaseSummary) -> CaseSummary:
        changed = replace(
            summary,
            public=True,
            ranking=tuple([self._line(line) for line in summary.ranking]),
            findings={name: self._stored(stored) for name, stored in summary.findings.items()},
            items={name: self._item(facts) for name, facts in summary.items.items()},
            texts={},
            asked={},  # records of mails that carry a ranked file, and may be in no entry themselves
            lures=(),
            set_aside=tuple(
                [replace(row, sample=tuple([_without_place(ref) for ref in row.sample])) for row in summary.set_aside]
            ),
            extent=replace(summary.extent, unread=tuple([replace(row, sample=()) for row in summary.extent.unread])),
            families=tuple([shown for family in summary.families if (shown := self._family(family)) is not None]),
            ledger=self._ledger(summary.ledger) if summary.ledger else None,
        )
        return self._without_people(changed)

    def _line(self, line: Ranked) -> Ranked:
        compared = [self._compared(row) for row in line.compared]
        cluster = line.cluster
        return replace(
            line,
            item=_without_place(line.item) if line.item else None,
            cluster=replace(cluster, members=tuple(map(_without_place, cluster.members))) if cluster else None,
            partners=tuple(map(_without_place, line.partners)),
            related=tuple([replace(one, item=_without_place(one.item)) for one in line.related]),
            compared=tuple(compared),
        )

    def _compared(self, row: Compared) -> Compared:
        """Keep what the item itself has; of other mails only that it is the same."""
        if row.same:
            return row
        return replace(row, values=(row.values[0], *[value and self._withheld for value in row.values[1:]]))

    def _item(self, facts: ItemFacts) -> ItemFacts:
        places = tuple([_bare(place) for place in facts.occurrences])
        shown = replace(facts, ref=_without_place(facts.ref), occurrences=places, headers=())
        if facts.ref.sha256 in self._ranked:
            return shown
        return replace(shown, title=self._withheld, claims=(), notices=())

    def _stored(self, stored: StoredFinding) -> StoredFinding:
        finding = stored.finding
        hidden_mark = finding.proposition is Proposition.HIDDEN_MARK
        evidence = tuple([self._evidence(part, hidden_mark=hidden_mark) for part in finding.evidence])
        subjects = tuple([replace(one, location=_bare(one.location)) for one in finding.subjects])
        item = _without_place(finding.item)
        changed: Finding = replace(finding, evidence=evidence, subjects=subjects, item=item)
        return replace(stored, finding=changed)

    def _evidence(
        self, part: EvidenceBytes | EvidenceAggregate, *, hidden_mark: bool
    ) -> EvidenceBytes | EvidenceAggregate:
        """Keep the deciding bytes of ranked items, without what stands around them."""
        if isinstance(part, EvidenceAggregate):
            return replace(part, parameters=dict.fromkeys(part.parameters, self._withheld))
        place = _without_place(part.item)
        kept = part.item.sha256 in self._ranked and part.role is not Role.WITNESS and not hidden_mark
        if not kept:
            return replace(part, item=place, value=self._withheld, raw=_NOTHING, context=_NOTHING)
        start = part.locator.ranges[0][0] if part.locator.ranges else 0
        alone = part.raw if len(part.locator.ranges) == 1 else _NOTHING
        return replace(part, item=place, context=alone, context_start=start)

    def _family(self, family: LineageFamily) -> LineageFamily | None:
        """Keep families of ranked items; of the other documents how they are related, without their times."""
        if not any(one.ref.sha256 in self._ranked for one in family.members):
            return None
        told = [
            replace(one, ref=_without_place(one.ref), saved=one.saved if one.ref.sha256 in self._ranked else None)
            for one in family.members
        ]
        return replace(family, members=tuple(told))

    def _ledger(self, ledger: Ledger) -> Ledger:
        names = list(dict.fromkeys([(row.source, row.mailbox) for row in ledger.months]))
        called = {name: self._say.say(_MAILBOX, n=n) for n, name in enumerate(names, start=1)}
        return replace(
            ledger, months=tuple([replace(row, mailbox=called[row.source, row.mailbox]) for row in ledger.months])
        )

    def _without_people(self, value: _Kind) -> _Kind:
        """Give pseudonyms in every text; bytes are left as they are."""
        plain = msgspec.to_builtins(value, builtin_types=(bytes,))
        return msgspec.convert(self._walk(plain), type(value))

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value) if "@" in value else value
        if isinstance(value, Mapping):
            return {self._walk(name): self._walk(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._walk(one) for one in value]
        return value

    def _text(self, text: str) -> str:
        whole = _PARTY.sub(lambda found: self._person(found[1]) or found[0], text)
        return _ADDRESS.sub(lambda found: self._person(found[0]) or found[0], whole)

    def _person(self, address: str) -> str:
        """Return the pseudonym of who must not be named; empty for others."""
        address = address.lower()
        if address not in self._hidden:
            return ""
        if address not in self._people:
            self._people[address] = self._say.say(_PERSON, n=len(self._people) + 1)
        return self._people[address]


def _without_place(ref: ItemRef) -> ItemRef:
    return replace(ref, location=_bare(ref.location))


def _bare(place: Location) -> Location:
    """Leave out names of files and folders; the ranges and digests of the steps stay."""
    return Location(
        tuple(
            [replace(step, name=_NO_NAME) if step.kind in _NAMED_STEPS and step.name else step for step in place.steps]
        )
    )
