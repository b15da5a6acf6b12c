"""Values of the XML in which Outlook for Mac exports: names, places, texts, times.

Source: no specification; the elements as Outlook 2011 to 2019 for Mac write them. Times are UTC without saying so: the
time of a message that Outlook sent is that of its own Message-ID and Thread-Index, whose clocks are known.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from forensics.model.facts import Absence, ClockKind, Description, Fact, Timestamp
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers._xml import Element, Value
from forensics.parsers.mail._olm_decoder import XML_TEXT, unescaped

VALUE_BYTES = 1_000
"""Of one value that are kept in a fact."""
MOST_FACTS = 20_000
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX = re.compile(r"OPF(?:Message|Contact|Task|Note|Appointment|CalendarEvent|Category|Attachment)?(?:Copy|Get)?")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}", re.ASCII)


class Text(NamedTuple):
    """A value as bytes, and where they stand."""

    data: bytes
    locator: Locator


def text_of(data: bytes, value: Value, path: str) -> Text:
    """Return a value in UTF-8 with its place, below a step where references stand in it."""
    text = value.text.encode("utf-8", "surrogatepass")
    if value.span is None:
        return Text(text, Locator(path=path))
    start, end = value.span
    raw = data[start:end]
    if raw == text:
        return Text(text, Locator(ranges=(value.span,), path=path))
    if unescaped(raw) != text:  # in another encoding, or in pieces: its place is named by its path alone
        return Text(text, Locator(path=path))
    step = Step(
        kind=StepKind.STREAM,
        name=path,
        start=start,
        end=end,
        decoder=XML_TEXT.name,
        sha256=sha256(text).hexdigest(),
    )
    return Text(text, Locator(ranges=((0, len(text)),), path=path, steps=(step,)))


def name_of(tag: str) -> str:
    """Return how facts call an element or attribute: ``OPFMessageGetIsRead`` is ``olm.is_read``."""
    short = _PREFIX.sub("", tag, count=1) or tag
    return "olm." + _CAPITAL.sub("_", short).lower()[:100]


def fact(data: bytes, tag: str, value: Value, path: str) -> Fact:
    """Return a value as a fact with the bytes as they stand."""
    span = value.span
    raw = data[slice(*span)][:VALUE_BYTES] if span is not None else value.text.encode("utf-8", "replace")[:VALUE_BYTES]
    ranges = ((span[0], span[0] + len(raw)),) if span is not None else ()
    return Fact(name=name_of(tag), value=value.text[:VALUE_BYTES], raw=raw, locator=Locator(ranges=ranges, path=path))


def facts(data: bytes, root: Element, skip: frozenset[str]) -> Iterator[tuple[str, Value, Fact]]:
    """Yield tag, value and fact of each element with text, and of each attribute of Outlook's, below an element.

    Args:
        data: the XML.
        root: whose elements are gone through.
        skip: names of elements that are left out with all below them.
    """
    counts: dict[str, int] = {}
    pending = [*reversed(root.children)]
    left = MOST_FACTS
    while pending and left > 0:
        element = pending.pop()
        if element.local in skip:
            continue
        place = counts.get(element.local, 0)
        counts[element.local] = place + 1
        path = f"xml:{element.local}[{place}]" if place else f"xml:{element.local}"
        for tag, value in element.attributes.items():
            if tag.startswith("OPF"):
                left -= 1
                yield tag, value, fact(data, tag, value, f"{path}/{tag}")
        if not element.children and element.value.text:
            left -= 1
            yield element.local, element.value, fact(data, element.local, element.value, path)
        pending += reversed(element.children)


def time_of(found: Fact, text: str, what: tuple[TimeKind, Description, ClockKind]) -> Timestamp | None:
    """Return a time that a value writes; ``None`` where it is none. Without an offset it is UTC, as the format has."""
    if DATE.fullmatch(text.strip()) is None:
        return None
    read = w3cdtf(text)
    kind, description, clock = what
    utc = not isinstance(read.instant, int) and read.offset_s is Absence.NOT_PRESENT
    return Timestamp(
        instant=read.wall if utc else read.instant,
        wall=read.wall,
        offset_s=read.offset_s,
        precision=read.precision,
        description=description,
        clock=clock,
        owner="",
        raw=found.raw,
        locator=found.locator,
        kind=kind,
    )
