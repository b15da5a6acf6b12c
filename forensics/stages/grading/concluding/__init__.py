"""Conclusions: one sentence or two on what the evidence of a ranked entry comes to, drawn from its findings and clocks.

Each kind of conclusion is a module here with `conclude(entry, facts)`. The tuple below is their order: the first that
has something to say speaks for the entry. Where none has, the entry keeps its reasons as they are; nothing is invented.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.findings import Concluded, Ranked
from forensics.model.rules import Proposition
from forensics.stages.grading.concluding import clocks, copies, identity, parts, quotes, signed
from forensics.stages.grading.concluding.entry import (
    HEADER_SIGNATURE,
    QUOTE_DIFFERS,
    RESTORED_TEXT,
    SHARED_IDS,
    Conclusion,
    Entry,
)
from forensics.stages.grading.concluding.facts import Asked, Facts, ask
from forensics.stages.grading.concluding.pairs import compared, related
from forensics.stages.grading.concluding.side import side
from forensics.stages.grading.concluding.told import Told
from forensics.stages.observed import Rows

KINDS: Mapping[str, Callable[[Entry, Facts], Conclusion]] = {
    "signed": signed.conclude,
    "copies": copies.conclude,
    "quotes": quotes.conclude,
    "parts": parts.conclude,
    "clocks": clocks.conclude,
    "identity": identity.conclude,
}
"""That which tells most first: what was signed, what another mail has, what others quote, which part is not as it was
signed, what clocks say, whose it is."""

BATCH = 2_000
"""Lines of which the facts are in memory at once."""
_ENGLISH = Wording(ENGLISH)


def conclude(ranking: Sequence[Ranked], findings: Mapping[str, Told], rows: Rows) -> tuple[Ranked, ...]:
    """Add to each line what its evidence comes to, in the order given.

    Args:
        ranking: the lines.
        findings: those of the lines, by id.
        rows: queries of the case; each question is put once for many lines together.
    """
    entries = [Entry(line, tuple([findings[name] for name in line.findings if name in findings])) for line in ranking]
    concluded: list[Ranked] = []
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        facts = ask(_asked(batch), rows)
        concluded.extend([_concluded(entry, facts) for entry in batch])
    return tuple(concluded)


def _asked(entries: Iterable[Entry]) -> Asked:
    """Say which mails each question is about: those of a kind that may speak."""
    mails: set[str] = set()
    times: set[str] = set()
    words: set[str] = set()
    pairs: set[str] = set()
    quoted: set[str] = set()
    for entry in entries:
        if not entry.item:
            continue
        all_of = {entry.item, *entry.others}
        mails |= all_of
        if entry.of(SHARED_IDS):
            times |= all_of
        elif entry.of(HEADER_SIGNATURE) or any(told.proposition is Proposition.BACKDATED for told in entry.deciding):
            times.add(entry.item)
        if entry.of(RESTORED_TEXT, HEADER_SIGNATURE):
            words.add(entry.item)
        if entry.others:
            pairs |= all_of
        if entry.of(QUOTE_DIFFERS):
            quoted |= all_of
    return Asked(mails=mails, signed=mails, times=times, words=words, copies=pairs, quotes=quoted)


def _concluded(entry: Entry, facts: Facts) -> Ranked:
    kind, said = next(((name, said) for name, draw in KINDS.items() if (said := draw(entry, facts))), ("", ()))
    told, likelier = side(entry, facts)
    if not said and not told and not entry.others:
        return entry.line
    return replace(
        entry.line,
        conclusion=" ".join([_ENGLISH.said(one) for one in said]),
        side=" ".join([_ENGLISH.said(one) for one in told]),
        concluded=Concluded(kind=kind, sentences=said, side=told, likelier=likelier, said=clocks.moment(entry, facts)),
        related=related(entry, facts),
        compared=compared(entry, facts),
    )
