"""What the rules on marks in a mail's texts share: one observation for each kind, with its bytes."""

from collections.abc import Iterator

from forensics.model.locations import Locator
from forensics.model.mail import BodyMark, MailMessage
from forensics.model.rules import Evidence, Observation, Role, Rule, Sentence

CITED = 5


def observed(rule: Rule, message: MailMessage) -> Iterator[Observation]:
    """Yield one observation for each kind of mark that has a bin of its name: the first, and how many there are."""
    kinds: dict[str, list[BodyMark]] = {one.name: [] for one in rule.bins}
    for mark in message.marks:
        if mark.kind in kinds:
            kinds[mark.kind].append(mark)
    for kind, marks in kinds.items():
        if marks:
            yield Observation(
                sentence=Sentence(f"rule.{rule.id}.{kind}", {"shown": marks[0].shown[:200], "count": str(len(marks))}),
                bin=kind,
                evidence=tuple([cited for mark in marks[:CITED] if (cited := cite_mark(message, mark)) is not None]),
                suspect=f"part:{marks[0].part}" if marks[0].part else "header:Subject[0]",
                compare=message.sender_known_as.lower(),
            )


def cite_mark(message: MailMessage, mark: BodyMark) -> Evidence | None:
    """Quote a mark with its bytes; None where it stands in a subject that the mail does not have."""
    label = f"part {mark.part}" if mark.exact else f"beginning of part {mark.part}"
    raw, start, path, value = mark.raw, mark.start, f"part:{mark.part}", mark.shown if mark.exact else ""
    if start is None:
        field = message.first("subject")
        if field is None:
            return None
        raw, start, label, path = field.raw, field.start, "Subject", "header:Subject[0]"
    locator = Locator(ranges=((start, start + len(raw)),), path=path)
    return Evidence(role=Role.SUSPECT, label=label, value=value, raw=raw, locator=locator)
