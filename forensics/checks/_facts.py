"""What rules share: quoting a time as evidence, certain differences of times, bins, states of causes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.codec import decode
from forensics.model.facts import TICKS_PER_SECOND, Fact, Located, Precision, Timestamp
from forensics.model.locations import Location, Locator, Step
from forensics.model.mail import HeaderField, Message, TraceField
from forensics.model.rows.located import LocatedRow, located
from forensics.model.rows.numbers import storable
from forensics.model.rows.times import TimeRow
from forensics.model.rules import Aggregate, BenignState, Evidence, Role, Rule, State
from forensics.model.sentences import Sentence, says
from forensics.model.time_kinds import TimeKind

_UNNAMED = says("host.unnamed", one="a server that names no host")
_BEYOND_OFFSETS = says(
    "note.beyond_offsets",
    one="The difference is larger than that between any two time zones in the world (26 h).",
)

MINUTE = 60 * TICKS_PER_SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LOCAL = 14 * HOUR
"""A local time without offset stands for an interval of this much on both sides."""
OFFSETS_APART = 26 * HOUR
"""Two clocks that are right but for their zones differ by at most this (-1200 to +1400)."""
ZONE_TOLERANCE = MINUTE
"""Stamps of two zones differ from whole half hours by at most this: an error of their clocks, less a quick delivery."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LASTS = {Precision.DAY: DAY, Precision.MINUTE: MINUTE}
"""How long the finest unit of a coarse writing lasts."""
Bins = Sequence[tuple[int, str]]
"""Least difference and name of each bin, largest first."""


def bin_of(ticks: int, bins: Bins) -> str:
    """Return the bin of the largest threshold that a difference exceeds; empty if it exceeds none."""
    for least, name in bins:
        if ticks > least:
            return name
    return ""


def whole_hours(ticks: int) -> bool:
    """Whether a time is ahead of a later one as zones are: by a multiple of half an hour, to `ZONE_TOLERANCE`."""
    rest = (ticks + ZONE_TOLERANCE) % (HOUR // 2)
    return 25 * MINUTE < ticks <= OFFSETS_APART and rest <= 2 * ZONE_TOLERANCE


def later_by(late: Timestamp, early: Timestamp) -> int:
    """Return by how much one time is later than another, as the least that is certain; negative where nothing is.

    Two local readings compare as they stand only where one clock made both; else each is an interval of +-14 h. A day
    without a time of day lasts until its midnight, a minute until the next.
    """
    one, other = late.instant, early.instant
    doubt = _LASTS.get(early.precision, 0)
    if isinstance(one, int) and isinstance(other, int):
        return one - other - doubt
    if isinstance(one, int) or isinstance(other, int):
        doubt += LOCAL
    elif (late.clock, late.owner) != (early.clock, early.owner):
        doubt += 2 * LOCAL
    one, other = (one if isinstance(one, int) else late.wall), (other if isinstance(other, int) else early.wall)
    if not isinstance(one, int) or not isinstance(other, int):
        return -DAY
    return one - other - doubt


def latest_printed(message: Message) -> tuple[Timestamp, int] | None:
    """Return the latest of Date and the servers' stamps, and its instant; None where none has one."""
    date, latest = message.date, None
    if isinstance(date, Timestamp) and isinstance(date.instant, int):
        latest = date, date.instant
    for _, stamp, at in message.stamped:
        if latest is None or at > latest[1]:
            latest = stamp, at
    return latest


def host_named(name: str) -> str | Sentence:
    """Return the name of a server as its stamp has it, or the words for one that has none."""
    return name[:200] or _UNNAMED()


def shown(stamp: Timestamp | TimeRow) -> str:
    """Write a time for people: the reading with its offset as written, or ``local``; a day without a time as it is."""
    if isinstance(stamp.wall, int):
        if stamp.precision == Precision.DAY:
            return f"{clock(stamp.wall)[:10]} (no time of day)"
        offset = stamp.offset_s
        if isinstance(offset, int):
            sign, minutes = "-" if offset < 0 else "+", abs(offset) // 60
            return f"{clock(stamp.wall)} {sign}{minutes // 60:02}:{minutes % 60:02}"
        return f"{clock(stamp.wall)} {'UTC' if stamp.instant == stamp.wall else 'local'}"
    return f"{clock(stamp.instant)} UTC" if isinstance(stamp.instant, int) else str(stamp.instant)


def clock(ticks: int) -> str:
    """Write an instant or wall reading as ``2017-03-06 10:00:00``; one outside the years 1-9999 as its number."""
    try:
        return (_EPOCH + timedelta(seconds=ticks // TICKS_PER_SECOND)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return str(ticks)


def span(ticks: int) -> str:
    """Write a length of time for people, in its two largest units."""
    seconds = abs(ticks) // TICKS_PER_SECOND
    units = ((seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    first = next((place for place, (amount, _) in enumerate(units) if amount), 3)
    return " ".join([f"{amount} {unit}" for amount, unit in units[first : first + 2] if amount]) or "0 s"


def cite(label: str, stamp: Timestamp, role: Role) -> Evidence:
    """Quote a time of the item as evidence."""
    return Evidence(
        role=role,
        label=label,
        value=shown(stamp),
        raw=stamp.raw,
        locator=stamp.locator,
        kind=stamp.kind,
        instant=storable(stamp.instant),
        wall=storable(stamp.wall),
    )


def cite_fact(label: str, fact: Located | Fact, role: Role) -> Evidence:
    """Quote a value of the item as evidence."""
    return Evidence(role=role, label=label, value=fact.value, raw=fact.raw, locator=fact.locator)


def cite_row(label: str, row: TimeRow, role: Role, sha256: str, location: Location) -> Evidence:
    """Quote a time from a row as evidence."""
    ranges: tuple[tuple[int, int], ...] = ()
    raw = row.raw
    if row.start is not None and row.end is not None:
        # A row keeps the first range of a fact; its bytes come first in the raw value.
        ranges, raw = ((row.start, row.end),), row.raw[: row.end - row.start]
    locator = Locator(ranges=ranges, path=row.path, steps=steps_of(row.steps))
    return Evidence(
        role=role,
        label=label,
        value=shown(row),
        raw=raw,
        locator=locator,
        sha256=sha256,
        location=location,
        kind=TimeKind(row.kind),
        instant=row.instant,
        wall=row.wall,
    )


def cite_located(
    label: str,
    row: LocatedRow,
    role: Role,
    sha256: str,
    location: Location,
    *,
    value: str | None = None,
    path: str | None = None,
) -> Evidence:
    """Quote a value from a row as evidence.

    Args:
        label: what it is.
        row: the value.
        role: its part in the observation.
        sha256: content that it stands in.
        location: where that stands.
        value: what is shown of it, if not all.
        path: what the rule calls its place, if not as the row does.
    """
    fact = located(row)
    return Evidence(
        role=role,
        label=label,
        value=fact.value if value is None else value,
        raw=fact.raw,
        locator=fact.locator if path is None else replace(fact.locator, path=path),
        sha256=sha256,
        location=location,
    )


def cite_field(fact: Located | TraceField | AuthenticationResult | Signature, role: Role, value: str = "") -> Evidence:
    """Quote the whole header field that says a fact; its body is the value where none is given."""
    name, _, body = fact.raw.partition(b":")
    return Evidence(
        role=role,
        label=name.decode("latin-1").rstrip(),
        value=value or _words(body),
        raw=fact.raw,
        locator=fact.locator,
    )


def cite_said(message: Message, name: str, fact: Located, role: Role) -> Evidence:
    """Quote what says a fact: its whole header field or, where a store alone says it, its value under *name*."""
    in_header = message.tree is not None and (not message.stored or message.first(name.lower()) is not None)
    return cite_field(fact, role) if in_header else cite_fact(name, fact, role)


def cite_header(field: HeaderField, role: Role, value: str = "") -> Evidence:
    """Quote a header field that was looked for by its name, whole; its body is the value where none is given."""
    name = field.name or "From"
    shown = value or _words(field.body)
    return Evidence(role=role, label=name, value=shown, raw=field.raw, locator=field.locator(0, name))


def _words(body: bytes) -> str:
    return " ".join(body.decode("utf-8", "replace").split())[:200]


def counts(
    rule: Rule, label: str, parameters: dict[str, str], *, n: int, k: int | None = None, sample: tuple[str, ...] = ()
) -> Aggregate:
    """Return the count that a case rule's query gave: *k* of *n* mails, all of them where no *k* is given."""
    return Aggregate(
        role=Role.WITNESS,
        label=label,
        query=rule.id,
        parameters=parameters,
        n=n,
        k=n if k is None else k,
        sample=sample,
    )


def steps_of(text: str) -> tuple[Step, ...]:
    """Return the steps that a row keeps as JSON text."""
    return decode(text, tuple[Step, ...]) if text else ()


def settled(cause: str, state: State, note: Sentence) -> BenignState:
    """State of a cause, and why."""
    return BenignState(cause=cause, state=state, note=note)


def offsets(cause: str, ticks: int) -> tuple[BenignState, ...]:
    """Exclude a cause that is a matter of zones where a difference is larger than any two zones; else leave it open."""
    return (settled(cause, State.EXCLUDED, _BEYOND_OFFSETS()),) if ticks > OFFSETS_APART else ()
