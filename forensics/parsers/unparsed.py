"""What is said of content that no parser reads: nothing lost, a loss, or a mail in a form that is not read."""

import re
from functools import cache

from forensics.intake import types
from forensics.knowledge.unread import plain_kind
from forensics.model.items import Notice, Status
from forensics.parsers import every

_UNREAD_MAIL = "application/vnd.ms-outlook"
_MESSAGE = "message/"
_FIELD = re.compile(rb"(?mi)^[> \t]{0,4}(from|to|subject|date|sent|received|message-id|return-path):")
_LEAST_FIELDS = 3
"""Different fields of a mail that a text must hold to look like one: two stand in many a note."""
_MORK = b"// <!-- <mdb:mork:z"
"""Magic of the index that Thunderbird keeps beside each mailbox (``.msf``), which libmagic takes for text."""
_SIDE_FILES = {
    b"ISc(": "application/x-installshield",
    b"CMMM": "application/x-ms-thumbnail-cache",
    b"IMMM": "application/x-ms-thumbnail-cache",
}
"""Beginnings of files that libmagic does not tell, or takes for text: cabinets, and what systems keep of a folder."""
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CATALOG = "Catalog".encode("utf-16-le")
"""Stream of ``Thumbs.db``: names and times of the pictures of a folder, of which the others are the thumbnails."""
_PKCS7 = bytes.fromhex("06092a864886f70d010702")
"""Object identifier of signed data, 1.2.840.113549.1.7.2 (RFC 5652 section 5.1)."""


def unparsed(head: bytes, name: bytes, size: int, declared: str = "", tail: bytes = b"") -> tuple[str, Status, Notice]:
    """Return the media type, the state and the notice of content that no parser takes.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        name: its file name as stored; may be empty.
        size: its bytes.
        declared: media type that its container claims; empty if it claims none.
        tail: its last 512 bytes, by which some images of disks are known; may be empty.
    """
    media_type = _media_type(head, name, tail)
    promised = types.extension_type(name.decode("utf-8", "replace"))
    kind = plain_kind(media_type)
    if _is_text(head, media_type, kind) and (promised in _mail_types() or _holds_fields(head, media_type)):
        code, text = (
            "engine.mail_unread",
            "text that by its name or its first lines is a mail, but cannot be read as one",
        )
        return media_type, Status.UNREAD, Notice(code=code, text=f"{text}: hashed and recorded only", unread=size)
    if (promised and not plain_kind(promised)) or declared.startswith(_MESSAGE):
        kind = ""  # a name that promises a document, a part that reports a delivery: facts are expected in it
    if kind == "text":
        notice = Notice(code="engine.text", text="text: hashed; no rule looks into its words", unread=size)
        return media_type, Status.SKIPPED, notice
    if kind == "signature":
        notice = Notice(code="engine.signature", text="a detached signature or key: hashed alone", unread=size)
        return media_type, Status.SKIPPED, notice
    if media_type in _read_types():
        text = f"begins as {media_type} does, but cannot be read as such: hashed and recorded only"
    else:
        text = f"no parser for {media_type or 'content of unknown type'}: hashed and recorded only"
    return media_type, Status.UNREAD, Notice(code="engine.no_parser", text=text, unread=size)


@cache
def _mail_types() -> frozenset[str]:
    """Return the media types of mails: those of the parsers of mail, and one that none reads."""
    ours = [kind for parser in every() if parser.name.startswith("mail.") for kind in parser.FORMAT.media_types]
    return frozenset([*ours, _UNREAD_MAIL])


@cache
def _read_types() -> frozenset[str]:
    """Return the media types that parsers read."""
    return frozenset([kind for parser in every() for kind in parser.FORMAT.media_types])


def _media_type(head: bytes, name: bytes, tail: bytes) -> str:
    if head.startswith(_MORK):
        return "application/x-mork"
    for begin, media_type in _SIDE_FILES.items():
        if head.startswith(begin):
            return media_type
    if head.startswith(_COMPOUND) and (_CATALOG in head or name.lower().endswith(b"thumbs.db")):
        return "application/x-ms-thumbs-db"
    found = types.media_type(head, tail)
    return "application/pkcs7-signature" if not found and head[:1] == b"\x30" and _PKCS7 in head[:64] else found


def _is_text(head: bytes, media_type: str, kind: str) -> bool:
    """Whether words can be looked for: libmagic says so, or it is UTF-16 as editors save it."""
    return kind == "text" or media_type.startswith(_MESSAGE) or head[:2] in (b"\xff\xfe", b"\xfe\xff")


def _holds_fields(head: bytes, media_type: str) -> bool:
    if media_type.startswith(_MESSAGE):
        return True
    # Text in UTF-16 has its letters one byte apart: without the zeros its fields can be seen.
    return len({field.lower() for field in _FIELD.findall(head.replace(b"\0", b""))}) >= _LEAST_FIELDS
