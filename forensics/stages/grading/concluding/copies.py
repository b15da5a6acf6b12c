"""Two mails that may be one: where their texts differ, or what they share where no words were compared."""

from forensics.model.sentences import Sentence, says
from forensics.stages.grading.concluding.entry import (
    COPY_DIFFERS,
    ONE_MESSAGE_ID,
    SHARED_IDS,
    SIGNED_ELSEWHERE,
    Conclusion,
    Entry,
)
from forensics.stages.grading.concluding.facts import CopyRow, Facts
from forensics.stages.grading.concluding.pairs import alike
from forensics.stages.grading.concluding.signed import SHOWN
from forensics.stages.grading.concluding.told import Told

_VERSIONS = says(
    "conclusion.copies.versions",
    one='Two mails are the same but for one place: "{words}" here, "{other}" in the other.',
    many='Two mails are the same but for {n} places, the first: "{words}" here, "{other}" in the other.',
)
_PASSAGE = says(
    "conclusion.copies.passage",
    one='Two mails are the same but for one place: only this one has "{words}".',
    many='Two mails are the same but for {n} places; in the first only this one has "{words}".',
)
_PASSAGE_THERE = says(
    "conclusion.copies.passage_there",
    one='Two mails are the same but for one place: only the other has "{words}".',
    many='Two mails are the same but for {n} places; in the first only the other has "{words}".',
)
_IDS = says(
    "conclusion.copies.ids",
    one="Two different mails have 1 id or signature in common that is made only once ({kinds}). {shared}",
    many="Two different mails have {n} ids or signatures in common that are made only once ({kinds}). {shared}",
)
_SEVERAL = says(
    "conclusion.copies.several",
    one="{mails} different mails have ids or signatures in common that are made only once ({kinds}).",
)
_SIGNED_THERE = says(
    "conclusion.copies.signed_there",
    one=(
        'What a signature here covers stands in another mail of the archive, "{subject}", and not in this one. {shared}'
    ),
)
_ONE_ID = says("conclusion.copies.one_id", one="Two different mails have one Message-ID. {shared}")
_SHARED = says("conclusion.copies.shared", one="Same in both: {same}; different: {differing}.")
_ALL_SAME = says("conclusion.copies.all_same", one="Same in both: {same}; what is compared here does not differ.")
_ALL_DIFFER = says("conclusion.copies.all_differ", one="Different: {differing}.")


MOST_PLACES = 3
"""Places in which versions of one mail differ; what differs in more is another text."""


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say what binds a mail to another, where a finding on the two decides."""
    if not entry.item:
        return ()
    for rule in (COPY_DIFFERS, ONE_MESSAGE_ID, SIGNED_ELSEWHERE):
        whole = rule == COPY_DIFFERS
        if (other := entry.other_of(rule)) and (said := _versions(entry.item, other, facts, passages=whole)):
            return said
    other, shared = _with(SHARED_IDS, entry, facts)
    equal = next((told.equal for told in entry.of(SHARED_IDS) if _between(told, entry.item, other)), ())
    kinds = tuple(dict.fromkeys([kind for kind, _ in equal]))
    of_signed, shared_signed = _with(SIGNED_ELSEWHERE, entry, facts)
    signed = facts.mail(of_signed)
    if shared is not None and kinds and (signed is None or len(equal) > 1):
        return (_IDS(len(equal), kinds=kinds, shared=shared),)
    if signed is not None and shared_signed is not None:
        return (_SIGNED_THERE(subject=(signed.subject or "")[:SHOWN], shared=shared_signed),)
    other, shared = _with(ONE_MESSAGE_ID, entry, facts)
    if shared is not None:
        return (_ONE_ID(shared=shared),)
    several = next((told for told in entry.of(SHARED_IDS) if told.equal), None)
    if several is None:
        return ()
    kinds = tuple(dict.fromkeys([kind for kind, _ in several.equal]))
    return (_SEVERAL(mails=len({subject.sha256 for subject in several.subjects}), kinds=kinds),)


def _with(rule: str, entry: Entry, facts: Facts) -> tuple[str, Sentence | None]:
    """Return the other mail of a rule's finding and what the two share; empty and None where there is none."""
    other = entry.other_of(rule)
    return other, _shared(entry.item, other, facts) if other else None


def _versions(item: str, other: str, facts: Facts, *, passages: bool) -> Conclusion:
    """Say in which words two versions differ; whole passages make another text unless a rule says otherwise."""
    for one, two in ((item, other), (other, item)):
        for row in facts.copies.get(one, ()):
            of_words = passages or all(change.kind != "passage" for change in row.changes)
            if row.other_sha256 == two and row.changes and not row.added and row.changed <= MOST_PLACES and of_words:
                return _changes(row, swapped=one != item)
    return ()


def _changes(row: CopyRow, *, swapped: bool) -> Conclusion:
    first = row.changes[0]
    here, there = (first.other_words, first.words) if swapped else (first.words, first.other_words)
    if here and there:
        return (_VERSIONS(row.changed, words=here[:SHOWN], other=there[:SHOWN]),)
    return ((_PASSAGE if here else _PASSAGE_THERE)(row.changed, words=(here or there)[:SHOWN]),)


def _shared(item: str, other: str, facts: Facts) -> Sentence | None:
    same, differing = alike(item, other, facts)
    if same and differing:
        return _SHARED(same=same, differing=differing)
    if differing:
        return _ALL_DIFFER(differing=differing)
    return _ALL_SAME(same=same) if same else None


def _between(told: Told, item: str, other: str) -> bool:
    return {subject.sha256 for subject in told.subjects} == {item, other}
