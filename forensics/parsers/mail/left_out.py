"""Parts that a mail program took out of a mail it keeps, and says so: the file stands elsewhere, or nowhere any more.

Apple Mail keeps a mail whose attachments it stores beside it (``N.partial.emlx``) with empty parts that state their
length. Thunderbird puts a text in the place of a file that its user deleted or detached, with the local time.

Source: no specification; ``X-Apple-Content-Length`` as Apple Mail writes it; Thunderbird's ``MimeMultipart`` part
deletion (``X-Mozilla-Altered: AttachmentDeleted; date="..."``, ``X-Mozilla-External-Attachment-URL``).
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from forensics.model.facts import ClockKind, Description, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Location, Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.dates import parse_asctime
from forensics.parsers.mail.words import decode_text

APPLE, MOZILLA = "x-apple-content-length", "x-mozilla-altered"
MARKS = (b"X-Apple-Content-Length:", b"X-Mozilla-Altered:")
"""How the programs write them; a mail without either has no such part."""
_DATE = re.compile(rb"date=\"([^\"\r\n]{1,60})\"")
_DIGITS = re.compile(rb"[ \t]{0,20}(\d{1,15})[ \t\r\n]{0,20}")
_DONE = {"attachmentdeleted": "deleted", "attachmentdetached": "detached"}
_PARTIAL = re.compile(r"(\d{1,20})\.partial\.emlx")


class LeftOut(NamedTuple):
    """What is said of parts whose content was taken out."""

    notices: tuple[Notice, ...] = ()
    times: tuple[Timestamp, ...] = ()
    elsewhere: Mapping[int, Notice] = {}
    """By the first byte of its body: why a part is empty whose file stands beside the mail."""


def left_out(leaves: tuple[MimePart, ...], where: Location) -> LeftOut:
    """Return what programs say of having taken files out of a mail.

    Args:
        leaves: its parts.
        where: it stands; of a file of Apple Mail's own its name tells where the files are.
    """
    notices: list[Notice] = []
    times: list[Timestamp] = []
    kept: dict[int, Notice] = {}
    for part in leaves:
        if (field := part.first(MOZILLA)) is not None:
            notices.append(_altered(part, field))
            times += _altered_time(part, field, len(times))
        if (field := _elsewhere(part)) is not None:
            kept[part.body_start] = _elsewhere_notice(part, field, where)
            notices.append(kept[part.body_start])
    return LeftOut(tuple(notices), tuple(times), kept)


def _elsewhere(part: MimePart) -> HeaderField | None:
    """Return the field of a part that is empty since its file stands beside the mail."""
    field = part.first(APPLE)
    # What a program left of an encoded part is a line end or two.
    return field if field is not None and part.size <= len(b"\r\n" * 2) else None


def _elsewhere_notice(part: MimePart, field: HeaderField, where: Location) -> Notice:
    """Return where the file of such a part is to be sought, as far as the mail's own place tells."""
    stated = _DIGITS.fullmatch(field.body)
    length = f" of {int(stated[1]):,} bytes as it was sent" if stated is not None else ""
    text = f"a file{length} that Apple Mail keeps beside the mail, not in it"
    if (folder := _attachments(where)) and part.number:
        text += f": to be sought below {folder}/{part.number}/"
    return Notice(code="mail.part_elsewhere", text=text, locator=field.locator(0))


def _attachments(where: Location) -> str:
    """Return the folder in which Apple Mail keeps the attachments of a mail, as locations write paths."""
    name = next((step.name for step in reversed(where.steps) if ".emlx" in step.name), "")
    found = _PARTIAL.fullmatch(name.rpartition("/")[2])
    if found is None:
        return ""
    around = name.rpartition("/")[0].removesuffix("Messages").rstrip("/")
    return f"{around}/Attachments/{found[1]}".lstrip("/")


def _altered(part: MimePart, field: HeaderField) -> Notice:
    done, _, _ = decode_text(field.body).partition(";")
    what = _DONE.get(done.strip().lower(), "changed")
    text = f"Thunderbird says that its user {what} a file of the mail and put a text in its place"
    url = part.first("x-mozilla-external-attachment-url")
    if url is not None:
        text += f"; the file was kept as {decode_text(url.body)[:300]}"
    return Notice(code="mail.altered", text=text, locator=field.locator(0))


def _altered_time(part: MimePart, field: HeaderField, index: int) -> Iterator[Timestamp]:
    found = _DATE.search(field.raw)
    if found is None:
        return
    written = parse_asctime(found[1])
    span = field.start + found.start(1), field.start + found.end(1)
    yield Timestamp(
        instant=written.instant,
        wall=written.wall,
        offset_s=written.offset_s,
        precision=written.precision,
        description=Description.MODIFICATION,
        clock=ClockKind.MAILBOX,
        owner="",
        raw=found[1],
        locator=Locator(ranges=(span,), path=f"part:{part.number or '1'}/X-Mozilla-Altered"),
        kind=TimeKind.PART_ALTERED,
        index=index,
    )
