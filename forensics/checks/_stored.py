"""What rules on messages of stores share: what the store says beside the mail, and signs of who wrote the store."""

from collections.abc import Iterable

from forensics.checks._facts import cite_fact, settled
from forensics.checks._quoted import same_sender
from forensics.model.facts import Fact, Located, Timestamp
from forensics.model.mail import Message
from forensics.model.rules import BenignState, Evidence, Role, State
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

_KEYS = says(
    "note.kept_by_outlook",
    one="The message has keys of Outlook or Exchange, which most converters do not write.",
)
_OF_OUTLOOK = ("mapi.search_key", "mapi.change_key", "mapi.record_key", "mapi.predecessor_change_list")
"""Outlook and Exchange give one of these to every message; most libraries that write stores give none."""
Person = tuple[str, str]
"""Name and address; either may be empty."""
_NO_MAILS = ("ipm.note", "report.", "ipm.schedule.", "ipm.post")


def said(message: Message, name: str) -> Fact | None:
    """Return the first fact of a name (without ``mapi.``) that is not empty."""
    wanted = f"mapi.{name}"
    return next((fact for fact in message.stored if fact.name == wanted and fact.value), None)


def first_time(message: Message, kind: TimeKind) -> Timestamp | None:
    """Return the first time of a kind that is an instant."""
    found = message.by_kind.get(kind, ())
    return next((stamp for stamp in found if isinstance(stamp.instant, int)), None)


def is_mail(message: Message) -> bool:
    """Whether the store keeps it as a mail, not as an appointment, a contact or a setting."""
    kind = said(message, "message_class")
    return kind is None or kind.value.lower().startswith(_NO_MAILS)


def is_one_of(modifier: str, people: Iterable[Person]) -> bool:
    """Whether a name or address by which a store calls somebody is that of one of these."""
    name, address = ("", modifier) if "@" in modifier else (modifier, "")
    return any(
        same_sender(name, address, *one) or (name or address).lower() in (one[0].lower(), one[1].lower())
        for one in [("", one[0]) if "@" in one[0] and not one[1] else one for one in people]
        if any(one)
    )


def not_by_library(message: Message) -> tuple[BenignState, ...]:
    """Return that no converter wrote it, where a key shows that Outlook or Exchange kept it; else nothing is known."""
    if any(fact.name in _OF_OUTLOOK and fact.raw for fact in message.stored):
        return (settled("store_by_library", State.EXCLUDED, _KEYS()),)
    return ()


def cite_stored(label: str, fact: Fact, role: Role) -> Evidence:
    """Quote what the store says."""
    return cite_fact(label, Located(fact.value, fact.raw, fact.locator), role)
