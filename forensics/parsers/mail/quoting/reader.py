"""What the texts of a message say of the mails that they quote.

Plain texts are read; of a message that has none, the words of its pages. Few lines of a mail are looked at: those that
end with a colon, and those that begin with a subject's label.
"""

import re
from collections.abc import Iterable

from forensics.knowledge.quoting_words import quoting_words
from forensics.model.facts import Absence, ClockKind, Description, Located, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.quoting import QuotedMail
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.bodies import Bodies, Body
from forensics.parsers.mail.page_text import page_text
from forensics.parsers.mail.quoting.attributions import MARKS, Attribution, attribution_at, timed_lines
from forensics.parsers.mail.quoting.blocks import Block, block_at
from forensics.parsers.mail.quoting.times import ReadTime

MOST = 100
"""Quoted mails that are kept of one message: a long thread quotes some forty."""
_LONGEST = 2000
"""Characters of a block that are kept."""
MOST_LOOKED = 2000
"""Lines of one text that are looked at."""
_WORDS = quoting_words()


def _behind(labels: Iterable[str], more: str = "") -> str:
    """Return the pattern of a colon behind words that may be some labels: it is found fast, for few colons are such."""
    ends = sorted({re.escape(label[-4:]) for label in labels})
    last = re.escape("".join(sorted({label[-1] for label in labels})))
    close, apart = "|".join([f"(?<={end}:)" for end in ends]), "|".join([f"(?<={end}[ *]:)" for end in ends])
    return f":(?:{more}(?<=[{last}]:)(?:{close})|(?<=[ *]:)(?:{apart}))"


_AT_END = r"(?P<end>[ \t*_]{0,9}\r?(?:\n|\Z))|"
_COLON = re.compile(_behind([label for label in _WORDS.labels["subject"] if label.isascii()], _AT_END))
_ANY_COLON = re.compile(rf"{_behind(_WORDS.labels['subject'], _AT_END)}|：(?P<wide>[ \t]{{0,9}}\r?(?:\n|\Z))?")
"""A colon at the end of a line, or behind a subject's label."""
_IN_PAGE = re.compile(
    f"{_behind([*_WORDS.attribution.closing, *_WORDS.labels['subject']])}|：|gmail_attr|schr(?:ieb|eef) "
)


def read_quoted(bodies: Bodies, notices: list[Notice]) -> tuple[QuotedMail, ...]:
    """Return the quoted mails that a message's texts introduce, text by text in their order.

    Args:
        bodies: the texts.
        notices: takes a notice on each text of which not all was looked at.
    """
    plain = [body for body in bodies.shown if body.part.media_type == "text/plain"]
    found: list[QuotedMail] = []
    for body in plain or bodies.shown:
        quoted, whole = _of_body(body)
        found += quoted
        if not whole or len(found) > MOST:
            notices.append(_limit(body))
        if len(found) > MOST:
            break
    return tuple(found[:MOST])


def _limit(body: Body) -> Notice:
    part = body.part
    locator = Locator(ranges=((part.body_start, part.end),), path=f"part:{part.number or '1'}")
    text = f"a text that quotes more than {MOST} mails, or has more than {MOST_LOOKED:,} lines that look as if it did"
    return Notice(code="mail.quoted_limit", text=text, locator=locator)


def _of_body(body: Body) -> tuple[list[QuotedMail], bool]:
    """Return the quoted mails of a text, and whether all of its lines were looked at."""
    page = body.part.media_type == "text/html"
    text = body.text
    if page:
        if _IN_PAGE.search(text) is None:
            return [], True
        text = page_text(body.sheets)
    found, whole = introductions(text)
    spans = [(read, text[read.start : min(read.end, read.start + _LONGEST)]) for read in found]
    return [_quoted(body, read, written, None if page else read.start) for read, written in spans], whole


def introductions(text: str) -> tuple[list[Attribution | Block], bool]:
    """Return the attribution lines and header blocks of a text, in order, and whether all lines were looked at."""
    found: list[Attribution | Block] = []
    looked = after = 0
    whole = True
    for colon in (_COLON if text.isascii() else _ANY_COLON).finditer(text):
        at = colon.start()
        if at < after:
            continue
        looked += 1
        if looked > MOST_LOOKED or len(found) > MOST:
            whole = False
            break
        read = (attribution_at(text, at) if colon.lastgroup else None) or block_at(text, at)
        if read is not None:
            found.append(read)
            after = read.end
    if any(mark in text for mark in MARKS):
        found += timed_lines(text)
    return sorted(found, key=lambda one: one.start), whole


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
    """Return what stands at a place of a plain text; of a page's words the one place where they stand so.

    It is without bytes where these cannot be told: others would not show it.
    """
    said = " ".join(written.split())
    if start is not None:
        return body.located(said, body.range_of(start, start + len(written)))
    return body.located(said, body.place(written.partition("\n")[0]))


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
