"""What the texts of a message say of the mails that they quote.

Plain texts are read; of a message that has none, the words of its pages. Few lines of a mail are looked at: those that
end with a colon, and those that begin with a subject's label.
"""

import re
from collections.abc import Iterator

from forensics.knowledge.quoting_words import quoting_words
from forensics.model.facts import Absence, ClockKind, Description, Located, Timestamp
from forensics.model.locations import Locator
from forensics.model.quoting import QuotedMail
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.page_text import page_text
from forensics.parsers.mail.quoting.attributions import Attribution, attributions
from forensics.parsers.mail.quoting.blocks import Block, behind, blocks
from forensics.parsers.mail.quoting.times import ReadTime

MOST = 100
"""Quoted mails that are kept of one message: a long thread quotes some forty."""
_LONGEST = 2000
"""Characters of a block that are kept."""
_ATTRIBUTION = quoting_words().attribution
_IN_PAGE = re.compile(
    f"{behind([*_ATTRIBUTION.closing, *quoting_words().labels['subject']])}|：|gmail_attr|schr(?:ieb|eef) "
)


def read_quoted(bodies: Bodies) -> tuple[QuotedMail, ...]:
    """Return the quoted mails that a message's texts introduce, text by text in their order."""
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    found: list[QuotedMail] = []
    for body in plain or bodies.shown:
        for quoted in _of_body(body):
            found.append(quoted)
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _of_body(body: Body) -> Iterator[QuotedMail]:
    page = body.part.media_type == "text/html"
    text = body.text
    if page:
        if _IN_PAGE.search(text) is None:
            return
        text = page_text(body.sheets)
    found: list[Attribution | Block] = [*attributions(text), *blocks(text)]
    for read in sorted(found, key=lambda one: one.start):
        written = text[read.start : min(read.end, read.start + _LONGEST)]
        yield _quoted(body, read, written, None if page else read.start)


def _quoted(body: Body, read: Attribution | Block, written: str, start: int | None) -> QuotedMail:
    fields = read.fields if isinstance(read, Block) else {}
    whole = _located(body, written, start)
    return QuotedMail(
        style=read.style,
        depth=read.depth,
        part=body.part.number or "1",
        written=whole,
        date=Absence.NOT_PRESENT if read.time is None else _stamp(read.time, whole),
        other_readings=read.time.others if read.time is not None else (),
        name=read.name,
        address=read.address,
        is_block=isinstance(read, Block),
        subject=fields.get("subject", ""),
        to=fields.get("to", ""),
        cc=fields.get("cc", ""),
    )


def _located(body: Body, written: str, start: int | None) -> Located:
    """Return what stands at a place of a plain text; of a page's words the first place where they stand so."""
    said = " ".join(written.split())
    if start is not None:
        return body.located(said, body.range_of(start, start + len(written)) or body.beginning)
    return body.located(said, body.first(written.partition("\n")[0]) or body.beginning)


def _stamp(time: ReadTime, whole: Located) -> Timestamp:
    return Timestamp(
        instant=time.instant,
        wall=time.wall,
        offset_s=time.offset_s,
        precision=time.precision,
        description=Description.SENT,
        clock=ClockKind.APPLICATION,
        owner="",
        raw=whole.raw,
        locator=Locator(ranges=whole.locator.ranges, path=f"{whole.locator.path}/quoted"),
        kind=TimeKind.QUOTED,
    )
