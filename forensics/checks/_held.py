"""Why a mail may have waited: a server had it about its Date, a moderator passed it, or it was sent on later."""

import re

from forensics.checks._facts import DAY, clock, span
from forensics.knowledge.suffixes import organization
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.mail import HeaderField, Message
from forensics.model.sentences import Sentence, says
from forensics.model.time_kinds import TimeKind

_KEPT_AT_GOOGLE = says(
    "note.kept_at_google",
    one=(
        "Google's own clock ({field}) says {at} UTC, {near} from Date: Google had the mail at that time, and it "
        "waited there for {waited}."
    ),
)
_KEPT_BY_SERVER = says(
    "note.kept_by_server",
    one=(
        "A server's clock in {field} says {at} UTC, {near} from Date: a server had the mail at that time, and it "
        "waited in a queue for {waited}."
    ),
)
_HELD_BY_MODERATOR = says(
    "note.held_by_moderator",
    one="A moderator approved the mail ({field}: {shown}): until then it waited at the list.",
)
_SENT_ON = says(
    "note.sent_on",
    one="Resent-Date says {at} UTC: the mail was resent then, and its first route is not recorded in it.",
)
_LONGEST = 30 * DAY
"""No moderator's list is looked through later than this."""
_APPROVED = frozenset(
    (
        "approved",
        "approved-by",
        "moderated-by",
        "x-approved",
        "x-approved-by",
        "x-egroups-approved-by",
        "x-egroups-edited-by",
        "x-google-approved",
        "x-mailman-approved-at",
        "x-moderated",
        "x-moderated-by",
        "x-moderator",
        "x-validation-by",
    )
)
"""Fields that servers of lists and groups add when a moderator passes a mail: Mailman, Majordomo, LISTSERV, Sympa,
Google and Yahoo groups, newsgroups (RFC 5536 3.2.1)."""
_FOR_MODERATOR = re.compile(rb"\s*moderator for ", re.IGNORECASE)
"""In Delivered-To, as ezmlm writes it."""
_SENDERS_CLOCK = frozenset((TimeKind.MESSAGE_ID, TimeKind.DATE))
"""Times that the sender can have written, by whatever scheme."""


def kept(message: Message, until: int) -> Sentence | None:
    """Return why the mail waited where a clock of a server or signer, before *until* (ticks), is within a day of Date.

    A mail whose Date alone was set back shows no such clock.
    """
    date = message.date
    if not isinstance(date, Timestamp) or not isinstance(date.instant, int):
        return None
    near = [(abs(at - date.instant), stamp, at) for stamp, at in _clocks(message) if at < until]
    apart, stamp, at = min(near, key=lambda one: one[0], default=(DAY, None, 0))
    if stamp is None or apart >= DAY:
        return None
    values = {"field": _field(message, stamp), "at": clock(at), "near": span(apart), "waited": span(until - at)}
    said = _KEPT_AT_GOOGLE if stamp.kind is TimeKind.INNER_HOP else _KEPT_BY_SERVER
    return said(**values)


def _field(message: Message, stamp: Timestamp) -> str:
    """Return the name of the header field that a time stands in; of another place, its kind."""
    place = stamp.locator
    start = place.ranges[0][0] if place.ranges else -1
    around = (field for field in message.headers if field.start <= start < field.end)
    return next((field.name for field in around if field.steps == place.steps), stamp.kind.value)


def _clocks(message: Message) -> list[tuple[Timestamp, int]]:
    return [
        (stamp, stamp.instant)
        for stamp in message.timestamps
        if stamp.clock in (ClockKind.SERVER, ClockKind.SIGNER)
        and isinstance(stamp.instant, int)
        and stamp.kind not in _SENDERS_CLOCK
    ]


def held(message: Message, first: Timestamp, host: str) -> Sentence | None:
    """Return why the earliest stamp is days after Date; None where nothing in the mail says so.

    Args:
        message: the mail.
        first: its earliest stamp.
        host: the server that made it; empty: it names none.
    """
    at = first.instant if isinstance(first.instant, int) else 0
    date = message.date
    if not isinstance(date, Timestamp) or not isinstance(date.instant, int):
        return None
    if reason := kept(message, at):
        return reason
    passed = _passed(message)
    # What waited for a moderator after its sender's server had it has that server's stamp below the list's.
    if passed is not None and at - date.instant <= _LONGEST and not _of_sender(message, host):
        shown = " ".join(passed.body.decode("utf-8", "replace").split())[:100]
        return _HELD_BY_MODERATOR(field=passed.name, shown=shown)
    for stamp in message.timestamps:
        again = stamp.instant
        if stamp.kind is TimeKind.RESENT_DATE and isinstance(again, int) and 0 <= at - again < DAY:
            return _SENT_ON(at=clock(again))
    return None


def _passed(message: Message) -> HeaderField | None:
    """Return the field that says that a moderator passed the mail; whoever writes to one person has no moderator."""
    if not message.from_list and not any(field.key == "newsgroups" for field in message.headers):
        return None
    for field in message.headers:
        if field.key in _APPROVED or (field.key == "delivered-to" and _FOR_MODERATOR.match(field.body)):
            return field
    return None


def _of_sender(message: Message, host: str) -> bool:
    return message.sender is not None and host != "" and organization(host) == organization(message.sender.domain)
