"""Lines by which a reader recognizes an item: its subject or name, who wrote to whom, its claimed date, its place."""

from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.labels import ItemLabel
from forensics.model.sentences import says
from forensics.report.cells import plain

_MOST = 120
"""Characters of a subject or of who wrote to whom that a line of a table shows."""
_TO = says("report.label.to", one="{sender} to {recipient}", many="{sender} to {recipient} and {more} more")
_FROM = says("report.label.from", one="from {sender}")
_ONLY_TO = says("report.label.only_to", one="to {recipient}", many="to {recipient} and {more} more")
_NO_SUBJECT = says("report.label.no_subject", one="(no subject)")
_IN_MAIL = says("report.label.in_mail", one="in the mail “{subject}”")


def lines(label: ItemLabel, say: Wording, *, dated: bool = False, style: str = "") -> list[Text]:
    """Return up to three lines: what it is called, who wrote it to whom, where it stands.

    Args:
        label: what the item says of itself, or the mail around it.
        say: the language.
        dated: whether the day that it claims stands before.
        style: of the first line.
    """
    parties = who(label, say)
    around = "subject" in label.of_mail or "sender" in label.of_mail
    day = f"{label.date[:10]} " if dated and label.date and "date" not in label.of_mail else ""
    found = []
    if around:
        inside = say.say(_IN_MAIL, subject=short(label.subject) or say.say(_NO_SUBJECT))
        found = [*([plain(f"{day}{short(label.name)}", style)] if label.name else []), plain(inside), plain(parties)]
    elif label.subject or parties:
        found = [plain(f"{day}{short(label.subject) or say.say(_NO_SUBJECT)}", style), plain(parties)]
    elif day:
        found = [plain(f"{day}{short(label.name)}", style)]
    return [*[line for line in found if line.plain], plain(label.path, "dim" if found else style)]


def claimed(label: ItemLabel) -> list[Text]:
    """Return the date that an item claims in two short lines, day and time; of the mail around it none."""
    if not label.date or "date" in label.of_mail:
        return []
    day, _, time = label.date.partition("T")
    return [plain(day), *([plain(time[:5] + _zone(time))] if time else [])]


def who(label: ItemLabel, say: Wording) -> str:
    """Return who wrote to whom, names where there are any; empty where nobody is named."""
    more = label.recipient_count - 1
    first = _short_party(label.recipients[0]) if label.recipients else ""
    sender = _short_party(label.sender)
    if not first:
        return say.say(_FROM, sender=sender) if sender else ""
    if not sender:
        return say.say(_ONLY_TO, more + 1, recipient=first, more=more)
    return say.say(_TO, more + 1, sender=sender, recipient=first, more=more)


def short(text: str) -> str:
    """Return the beginning of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST else f"{flat[: _MOST - 1]}…"


def _short_party(party: str) -> str:
    """Return the name of a mailbox, else its address."""
    name, _, address = party.partition(" <")
    return short(name or address)


def _zone(time: str) -> str:
    """Return the offset behind a time of day, as written."""
    return next((f" {time[at:]}" for at in (len(time) - 6,) if at > 0 and time[at] in "+-"), "")
