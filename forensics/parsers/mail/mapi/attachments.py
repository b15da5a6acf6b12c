"""Attachments of a stored message: what its properties say of each, and its content as an item.

Source: [MS-OXCMSG] 2.2.2.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact, Timestamp
from forensics.model.items import ChildItem, Limits, Notice
from forensics.model.locations import Locator
from forensics.model.mail import BodyPart
from forensics.parsers.mail.leaves import text_digests
from forensics.parsers.mail.mapi.properties import Properties, StoredAttachment
from forensics.parsers.mail.mapi.said import said_of_attachment
from forensics.parsers.mail.mapi.times import attachment_times
from forensics.parsers.mail.mapi.values import number, text

_DATA, _METHOD, _LONG_NAME, _NAME, _DISPLAY_NAME = 0x3701, 0x3705, 0x3707, 0x3704, 0x3001
_PATH, _LONG_PATH, _MIME_TAG, _CONTENT_ID, _FLAGS, _HIDDEN = 0x3708, 0x370D, 0x370E, 0x3712, 0x3714, 0x7FFE
_BY_VALUE, _EMBEDDED, _OLE = 1, 5, 6
_ELSEWHERE = {
    2: "by reference",
    3: "by a reference that is resolved",
    4: "by reference only",
    7: "as a link to the web",
}
_IN_PAGE = 4
"""ATT_MHTML_REF: the page shows it."""
_SIGNED = "multipart/signed"
_MAIL = "mail.rfc5322"
_ITSELF = "application/vnd.ms-outlook"


class Attachments(NamedTuple):
    """The attachments of a message."""

    parts: tuple[BodyPart, ...] = ()
    children: tuple[ChildItem, ...] = ()
    times: tuple[Timestamp, ...] = ()
    said: tuple[Fact, ...] = ()


def read_attachments(attachments: Sequence[StoredAttachment], limits: Limits) -> Attachments:
    """Return what the attachments of a message are; those beyond the limit of children are left to the caller."""
    parts: list[BodyPart] = []
    children: list[ChildItem] = []
    times: list[Timestamp] = []
    said: list[Fact] = []
    for place, one in enumerate(attachments[: limits.children]):
        stamps = attachment_times(one.properties, place)
        child, part = _read(one, place, stamps)
        parts.append(part)
        children.append(child)
        times += stamps
        said += said_of_attachment(one.properties)
    return Attachments(tuple(parts), tuple(children), tuple(times), tuple(said))


def _read(one: StoredAttachment, place: int, times: tuple[Timestamp, ...]) -> tuple[ChildItem, BodyPart]:
    properties, content = one.properties, one.content
    method = number(properties, _METHOD)
    names = dict.fromkeys([text(properties, number) for number in (_LONG_NAME, _NAME, _DISPLAY_NAME)])
    name, *others = [found for found in names if found] or [""]
    declared = text(properties, _MIME_TAG).strip().lower()
    embedded = method == _EMBEDDED or bool(one.format)
    media_type = _ITSELF if embedded else declared or "application/octet-stream"
    size, sha256, text_sha256 = _digests(content, media_type)
    shown = properties.get(_HIDDEN) is not None and bool(number(properties, _HIDDEN))
    in_page = shown or bool((number(properties, _FLAGS) or 0) & _IN_PAGE)
    data = properties.get(_DATA)
    part = BodyPart(
        number=f"attachment {place}",
        media_type=media_type,
        charset_found="",
        disposition="inline" if in_page and not media_type.startswith("text/") else "attachment",
        filename=name,
        other_names=tuple(others),
        content_id=text(properties, _CONTENT_ID).strip("<>"),
        size=size,
        sha256=sha256,
        text_sha256=text_sha256,
        locator=data.locator if data is not None else Locator(path=f"mapi:{properties.owner}0x{_DATA:04X}"),
    )
    child = ChildItem(
        step=msgspec.structs.replace(one.step, sha256=sha256),
        content=content,
        name=_utf8(name),
        other_names=tuple(others),
        declared_type="" if embedded else declared,
        times=times,
        notices=(*one.notices, *_elsewhere(properties, method, content)),
        format=one.format or (_MAIL if declared == _SIGNED and _begins_with_field(content) else ""),
    )
    return child, part


def _utf8(name: str) -> bytes:
    """Return a name in UTF-8; what has no form in it is replaced."""
    return name.encode("utf-8", "replace")


def _begins_with_field(content: bytes | ByteSource | None) -> bool:
    """Whether what S/MIME signed is there as the mail that it was (IPM.Note.SMIME.MultipartSigned)."""
    if content is None:
        return False
    head = content[:64] if isinstance(content, bytes) else content.read(0, 64)
    return head.lower().startswith((b"content-type:", b"mime-version:"))


def _digests(content: bytes | ByteSource | None, media_type: str) -> tuple[int, str, str]:
    if content is None:
        return 0, "", ""
    if isinstance(content, bytes):
        if media_type.startswith(("text/", "message/")):
            return len(content), *text_digests(content)
        return len(content), hashlib.sha256(content).hexdigest(), ""
    digest = hashlib.sha256()
    for block in blocks(content, 0, content.size):
        digest.update(block)
    return content.size, digest.hexdigest(), ""


def _elsewhere(properties: Properties, method: int | None, content: bytes | ByteSource | None) -> tuple[Notice, ...]:
    """Tell why an attachment has no content of its own."""
    if content is not None:
        return ()
    locator = Locator(path=f"mapi:{properties.owner}0x{_METHOD:04X}")
    if method in _ELSEWHERE:
        where = text(properties, _LONG_PATH) or text(properties, _PATH)
        said = f", to {where[:200]!r}" if where else ""
        words = f"attached {_ELSEWHERE[method]}{said}: its content is not in the message"
        return (Notice(code="mapi.attached_elsewhere", text=words, locator=locator),)
    if method == 0:
        return (Notice(code="mapi.no_content", text="an attachment that was made and never filled", locator=locator),)
    return ()
