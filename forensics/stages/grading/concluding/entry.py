"""One entry of the ranking with its findings, as the kinds of conclusions are handed it."""

from collections.abc import Iterator
from functools import cached_property

from forensics.model.findings import ItemRef, Ranked
from forensics.model.rules import Role, Strength
from forensics.model.sentences import Sentence
from forensics.stages.grading.concluding.facts import Facts
from forensics.stages.grading.concluding.told import Told

COPY_DIFFERS = "case.copy_differs"
SHARED_IDS = "case.token_reuse"
ONE_MESSAGE_ID = "case.message_id_reuse"
SIGNED_ELSEWHERE = "case.signed_elsewhere"
QUOTE_DIFFERS = "case.quote_differs"
RESTORED_TEXT = "case.restored_text"
HEADER_SIGNATURE = "case.header_signature"
BODY_HASH = "case.body_hash"
ATTACHMENT_DIFFERS = "case.attachment_differs"
DOCUMENT_DIFFERS = "case.document_differs"
REFERENCE_DOCUMENT = "case.reference_document"

RELATION_BY_RULE = {
    COPY_DIFFERS: "version",
    SHARED_IDS: "shared_ids",
    ONE_MESSAGE_ID: "one_message_id",
    SIGNED_ELSEWHERE: "signed_there",
    QUOTE_DIFFERS: "quotes",
    RESTORED_TEXT: "words",
    ATTACHMENT_DIFFERS: "same_attachment",
    DOCUMENT_DIFFERS: "near_document",
    REFERENCE_DOCUMENT: "original",
}
"""Rules whose findings are about several mails at once, and what another of these is to one; that which says most
first."""
MOST_RELATED = 20

Conclusion = tuple[Sentence, ...]
"""Sentences, of which the first stands for itself; none: nothing adds up."""


class Entry:
    """A line of the ranking.

    Attributes:
        line: the line itself.
        findings: all of its findings, those that decide first.
    """

    def __init__(self, line: Ranked, findings: tuple[Told, ...]) -> None:
        self.line = line
        self.findings = findings

    @property
    def item(self) -> str:
        """Digest of its item; empty for a cluster."""
        return self.line.item.sha256 if self.line.item else ""

    @cached_property
    def deciding(self) -> tuple[Told, ...]:
        """Findings that its strength rests on: a weak one says nothing of a strong entry."""
        best = max([told.strength for told in self.findings], default=Strength.CONTEXT)
        least = min(best, Strength.MODERATE)
        return tuple([told for told in self.findings if told.strength >= least])

    def of(self, *rules: str) -> tuple[Told, ...]:
        """Return its deciding findings of some rules."""
        return tuple([told for told in self.deciding if told.rule in rules])

    @cached_property
    def others(self) -> dict[str, tuple[ItemRef, str]]:
        """Mails that it is about beside its item, with the rule that binds each to it: partners, then witnesses."""
        bound = dict(self._bound())
        found = {
            partner.sha256: (partner, bound[partner.sha256][1] if partner.sha256 in bound else "")
            for partner in self.line.partners
        }
        for sha256, (ref, rule) in bound.items():
            found.setdefault(sha256, (ref, rule))
        return dict(list(found.items())[:MOST_RELATED])

    def _bound(self) -> Iterator[tuple[str, tuple[ItemRef, str]]]:
        """Yield the other subjects of findings on the item; of one that two rules name, the likelier relation last."""
        for rule in reversed(RELATION_BY_RULE):
            for told in self.of(rule) if self.item else ():
                if self.item in {subject.sha256 for subject in told.subjects}:
                    for subject in told.other_than(self.item):
                        if subject.sha256:
                            yield subject.sha256, (ItemRef(sha256=subject.sha256, location=subject.location), rule)

    @property
    def pair(self) -> str:
        """Digest of the other mail where the entry is about two; empty else."""
        return next(iter(self.others), "") if len(self.others) == 1 else ""

    def other_of(self, rule: str) -> str:
        """Return the other mail of the first deciding finding of a rule that is about the item and one more."""
        for told in self.of(rule):
            others = {subject.sha256 for subject in told.other_than(self.item)}
            if len(others) == 1 and self.item in {subject.sha256 for subject in told.subjects}:
                return others.pop()
        return ""

    def suspects(self, sha256: str, *rules: str) -> bool:
        """Whether a deciding finding of these rules calls an item suspect."""
        return any(
            subject.role is Role.SUSPECT and subject.sha256 == sha256
            for told in self.of(*rules)
            for subject in told.subjects
        )

    def accuses(self, sha256: str, other: str, *rules: str) -> bool:
        """Whether a deciding finding of these rules calls an item suspect and is about the other item too."""
        return any(
            any(subject.role is Role.SUSPECT and subject.sha256 == sha256 for subject in told.subjects)
            and any(subject.sha256 == other for subject in told.subjects)
            for told in self.of(*rules)
        )


def relation_of(entry: Entry, sha256: str, facts: Facts) -> str:
    """Return what another mail of an entry is to its item."""
    rule = entry.others[sha256][1]
    if rule == QUOTE_DIFFERS and (sha256, entry.item) in facts.quotes:
        return "quoted"
    if rule == SIGNED_ELSEWHERE and any(told.bin == "copy" for told in entry.of(rule)):
        return "version"
    return RELATION_BY_RULE.get(rule, "one_matter")
