"""Timeline lines, in the form that Timesketch's importer takes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from msgspec import UNSET

from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.instants import is_local, offset_text, written
from forensics.model.lines import ItemTime, Place, TimelineLine
from forensics.model.locations import Location
from forensics.model.paths import AnyPath
from forensics.model.selecting import Selection
from forensics.reader.case import Case, open_case
from forensics.reader.lines import Lines
from forensics.report.visible import visible, visible_bytes

LOCAL_TIME = "local-time"
ODD_OFFSET = "offset-not-expressible"
MESSAGE_BYTES = 2_000
"""Far below the 32,766 bytes above which OpenSearch keeps no keyword of a field."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICKS_PER_MICROSECOND = TICKS_PER_SECOND // 1_000_000


def line(time: Timestamp, sha256: str, location: Location, title: str = "") -> TimelineLine | None:
    """Return the line of one time.

    Args:
        time: any timestamp of the item.
        sha256: the item.
        location: where it stands.
        title: subject or name of the item; may be empty.

    Returns:
        The line, or ``None`` where there is no date that RFC 3339 can express (absent, unparsable, outside the years
        1 to 9999): such times stand in ``items`` and ``show``.
    """
    return _line(time, sha256, Place.of(location), title)


def lines(times: Iterable[Timestamp], sha256: str, location: Location, title: str = "") -> Iterator[TimelineLine]:
    """Yield the lines of all times of one item that have a date, in the order given."""
    place = Place.of(location)
    for time in times:
        made = _line(time, sha256, place, title)
        if made is not None:
            yield made


def order(line: TimelineLine) -> timedelta:
    """Return where a line stands among others; a local time stands where its reading would, were it UTC."""
    if isinstance(line.timestamp, int):
        return timedelta(microseconds=line.timestamp)
    return datetime.fromisoformat(line.datetime).replace(tzinfo=UTC) - _EPOCH


def _line(time: Timestamp, sha256: str, place: Place, title: str) -> TimelineLine | None:
    text = written(time)
    if text is None:
        return None
    return TimelineLine(
        datetime=text,
        timestamp=time.instant // _TICKS_PER_MICROSECOND if isinstance(time.instant, int) else UNSET,
        timestamp_desc=time.description.value,
        clock=time.clock.value,
        owner=time.owner,
        precision=time.precision.value,
        message=_message(time, place, title),
        sha256=sha256,
        location=place,
        tag=_tags(time),
    )


def _tags(time: Timestamp) -> tuple[str, ...]:
    if is_local(time):
        return (LOCAL_TIME,)
    if isinstance(time.offset_s, int) and offset_text(time.offset_s) is None:
        return (ODD_OFFSET,)
    return ()


def _message(time: Timestamp, place: Place, title: str) -> str:
    name = visible(title[:400]) or place.text[-400:]
    text = f"{name} | {time.locator.path[:200]}: {visible_bytes(time.raw[:200])}"
    return text if len(text) <= MESSAGE_BYTES // 4 else text.encode()[:MESSAGE_BYTES].decode("utf-8", "ignore")


def timeline(case: AnyPath, *, item: str = "", where: Selection | None = None) -> Iterator[TimelineLine]:
    """Yield every time of what has been read so far that has a date, by moment, then by place.

    Args:
        case: the case folder.
        item: start of a SHA-256: only this item's times; empty: all.
        where: only times of these items; ``None``: all.
    """
    with open_case(case) as opened:
        yield from lines_of(opened, item=item, where=where)


def lines_of(case: Case, *, item: str = "", where: Selection | None = None) -> Lines[TimelineLine]:
    """Return what `timeline` yields, of an opened case."""
    times = case.timeline(starts=item, written=True, where=where)
    return Lines(lambda most: islice(in_order(times.first(most)), most), times.count)


def in_order(times: Iterable[ItemTime]) -> Iterator[TimelineLine]:
    """Yield the lines of times that come by moment, place and description; those alike in these by their words."""
    made = (one for time in times if (one := line(time.time, time.sha256, time.location, time.title)) is not None)
    for _, alike in groupby(made, key=lambda one: (order(one), one.location.text, one.timestamp_desc)):
        yield from sorted(alike, key=lambda one: one.message)
