"""What the rules on marks in a mail's texts share: one observation for each kind, with its bytes."""

from collections.abc import Iterator, Mapping

from forensics.checks._facts import cite_fact
from forensics.model.facts import Located
from forensics.model.mail import Message
from forensics.model.mail_texts import BodyMark
from forensics.model.rules import Evidence, Observation, Role, Rule
from forensics.model.sentences import Saying

CITED = 5


def observed(rule: Rule, said: Mapping[str, Saying], message: Message) -> Iterator[Observation]:
    """Yield one observation for each kind of mark that has a bin of its name: the first, and how many there are."""
    kinds: dict[str, list[BodyMark]] = {one.name: [] for one in rule.bins}
    for mark in message.marks:
        if mark.kind in kinds:
            kinds[mark.kind].append(mark)
    for kind, marks in kinds.items():
        if marks:
            yield Observation(
                sentence=said[kind](shown=marks[0].shown.value[:200], count=len(marks)),
                bin=kind,
                evidence=tuple([cited for mark in marks[:CITED] if (cited := cite_mark(mark)) is not None]),
                suspect=f"part:{marks[0].part}" if marks[0].part else "header:Subject[0]",
            )


def cite_mark(mark: BodyMark) -> Evidence | None:
    """Quote a mark with its bytes; None where it has none."""
    if not mark.shown.raw:
        return None
    if not mark.exact:
        beginning = Located("", mark.shown.raw, mark.shown.locator)
        return cite_fact(f"beginning of part {mark.part}", beginning, Role.SUSPECT)
    return cite_fact(f"part {mark.part}" if mark.part else "Subject", mark.shown, Role.SUSPECT)
