"""What Outlook for Mac exports beside messages: contacts, appointments, tasks, notes and categories, as XML.

Source: no specification; the elements as Outlook 2011 to 2019 for Mac write them (``OPFContactCopy...``).
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import ClockKind, Description
from forensics.model.items import Format, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded

FORMAT = Format(
    id="mail.olm_items",
    title="Items of Outlook for Mac",
    media_types=("application/x-olm-items",),
    extensions=(),
    begins=(b"<contacts", b"<appointments", b"<tasks", b"<notes", b"<categories", b"<groups"),
    holds=b"OPF",
)
_MODIFIED = (TimeKind.OLM_ITEM, Description.MODIFICATION, ClockKind.APPLICATION)
_RECORDED = (TimeKind.OLM_ITEM, Description.RECORDED, ClockKind.APPLICATION)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it begins as one of these files and holds Outlook's names."""
    return FORMAT.may_open(head)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices, and all values with all times."""
    from forensics.parsers._gathering import Gathering
    from forensics.parsers._written_dates import w3cdtf
    from forensics.parsers._xml import read
    from forensics.parsers.mail._olm_values import MOST_FACTS, facts, time_of

    limit = context.limits.xml_bytes
    if source.size > limit:
        text = f"{source.size} bytes, more than xml_bytes={limit}; not read"
        yield Notice(code="olm.limit", text=text, unread=source.size)
        return
    data = source.read(0, source.size)
    root = read(data, "the items", limit)
    if isinstance(root, Notice):
        yield Notice(code=root.code, text=root.text, unread=source.size)
        return
    gathering = Gathering("olm")
    every = list(facts(data, root, frozenset()))
    for tag, value, found in every:
        gathering.add_fact(found.name, found.value, found.locator, found.raw)
        stamp = time_of(found, value.text, _MODIFIED if tag.endswith("ModDate") else _RECORDED)
        if stamp is not None:
            reading = w3cdtf(value.text)._replace(instant=stamp.instant)
            kind, description = stamp.kind, stamp.description
            gathering.add_time(reading, kind, description, found.locator, found.raw)
    if len(every) >= MOST_FACTS:
        gathering.note("limit", f"more than {MOST_FACTS} values; the rest was not read")
    yield from gathering.notices
    yield gathering.facts(FORMAT.id)
