"""What the rules on times inside ids share: which reading of an id counts, and which are believed."""

from collections.abc import Iterable, Iterator, Sequence

from forensics.checks._facts import DAY, HOUR, MINUTE, OFFSETS_APART, clock
from forensics.model.facts import TICKS_PER_SECOND, Absence, Timestamp
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind

COMPOSING = frozenset(("Pine", "Alpine", "Eudora", "Z-Mail", "Yandex"))
"""Programs that make the id when a mail is begun, not when it is sent (knowledge base 1.2)."""
CERTAIN = frozenset(
    (
        "Alpine",
        "Amazon SES",
        "Coremail",
        "Evolution",
        "Gmail before 2010",
        "Gmail relay",
        "Gnus",
        "JavaMail",
        "Mailman",
        "Notes",
        "Outlook",
        "Outlook before 2007",
        "PHP",
        "Pine",
        "SquirrelMail",
        "SwiftMailer",
        "Wanderlust",
        "XFMail",
        "Yandex",
        "Z-Mail",
        "qmail",
        "sendmail",
        "sendmail before 8.10",
    )
)
"""Schemes that tell themselves: by a word or host of their own, or by digits of which few are a time."""
ID_TOLERANCE = 30 * TICKS_PER_SECOND
"""Ids of another zone differ from whole half hours by at most this: 96 of 100 ids of programs are so near to Date."""
SAME_MOMENT = 2 * MINUTE
"""An id and a time that one program made of one moment, in two zones; 98 of 100 differ by less."""
YEAR = 365 * DAY
"""A guessed reading that is farther from all clocks of its mail is more likely a token of another form."""
_AGREES = 10 * MINUTE
"""An id that a program made of a mail and the stamp of the first server."""


def times_of(message: Message, *kinds: TimeKind) -> Sequence[Timestamp]:
    """Return the times of some kinds, in their order."""
    if len(kinds) == 1:
        return message.by_kind.get(kinds[0], ())
    return [stamp for stamp in message.timestamps if stamp.kind in kinds]


def ahead(stamp: Timestamp, of: Timestamp) -> int | None:
    """Return by how much one time is ahead of another; two wall clocks where the first is local."""
    if isinstance(stamp.instant, int) and isinstance(of.instant, int):
        return stamp.instant - of.instant
    if not isinstance(stamp.instant, int) and isinstance(stamp.wall, int) and isinstance(of.wall, int):
        return stamp.wall - of.wall
    return None


def nearest(stamps: Iterable[Timestamp], to: Iterable[Timestamp]) -> tuple[Timestamp, Timestamp, int] | None:
    """Return the pair of a reading and a time that differ least, and by how much the reading is ahead.

    A token that two schemes fit has two readings: the innocent one counts.
    """
    others = tuple(to)
    found = [(stamp, other, by) for stamp in stamps for other in others if (by := ahead(stamp, other)) is not None]
    return min(found, key=lambda one: abs(one[2]), default=None)


def zones_apart(ticks: int) -> bool:
    """Whether two clocks differ as zones do: by a multiple of half an hour, to `ID_TOLERANCE`."""
    rest = (abs(ticks) + ID_TOLERANCE) % (HOUR // 2)
    return 25 * MINUTE < abs(ticks) <= OFFSETS_APART and rest <= 2 * ID_TOLERANCE


def in_a_zone(message: Message, made: Timestamp, of: Timestamp) -> bool:
    """Whether a reading is the moment of a time on some wall clock of the mail: UTC, the sender's or a server's.

    Programs print either into ids, and a server prints its own.
    """
    if not isinstance(made.wall, int):
        return False
    if not isinstance(of.instant, int):
        return isinstance(of.wall, int) and abs(made.wall - of.wall) <= SAME_MOMENT
    offsets = {0} | {offset for offset in _offsets(message, of) if isinstance(offset, int)}
    return any(abs(made.wall - offset * TICKS_PER_SECOND - of.instant) <= SAME_MOMENT for offset in offsets)


def seen_elsewhere(message: Message, made: Timestamp) -> bool:
    """Whether a server stamped the mail when an id says that it was made, in some zone of the mail."""
    stamps = [hop.time for hop in message.trace if isinstance(hop.time, Timestamp)]
    near = (ahead(made, stamp) for stamp in stamps)
    return any(by is not None and abs(by) <= _AGREES for by in near) or any(
        in_a_zone(message, made, stamp) for stamp in stamps
    )


def spelled(made: Timestamp) -> bool:
    """Whether a token has its reading in digits, as ``201703061000``; a count may fall on a time by chance."""
    if not isinstance(made.wall, int):
        return False
    return _digits(clock(made.wall).encode())[:12] in _digits(made.raw)


def far_off(message: Message, made: Timestamp, apart: int) -> bool:
    """Whether a guessed reading is years off all clocks of its mail and all its other ids: likely one of another form.

    Args:
        message: the mail.
        made: the reading.
        apart: by how much it is ahead of what it is held against.
    """
    if abs(apart) <= YEAR or seen_elsewhere(message, made):
        return False
    own = (made.kind, made.index)
    ids = [one for one in message.timestamps if one.scheme and (one.kind, one.index) != own]
    return not any((by := ahead(made, one)) is not None and abs(by) <= DAY for one in ids)


def beyond(made: Timestamp, as_of: int) -> bool:
    """Whether a reading is later than the archive: two days and more after it was captured."""
    at = made.instant if isinstance(made.instant, int) else made.wall
    return isinstance(at, int) and at > as_of + 2 * DAY


def _offsets(message: Message, of: Timestamp) -> Iterator[int | Absence]:
    yield of.offset_s
    if isinstance(message.date, Timestamp):
        yield message.date.offset_s
    for hop in message.trace:
        if isinstance(hop.time, Timestamp):
            yield hop.time.offset_s


def _digits(text: bytes) -> bytes:
    return bytes([letter for letter in text if 48 <= letter <= 57])
