"""Bodies before a server put them into another transfer encoding: as they were in 8bit."""

from collections.abc import Iterator

from forensics.authenticity.repairs.mails import Body, Mail, body_of, decoded, parts_of
from forensics.parsers.mail.entity import parse_encoding

EIGHT_BIT = b"Content-Transfer-Encoding: 8bit\n"
_ENCODED = ("base64", "quoted-printable")
_DEPTH = 4


def text_decoded(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a text without its base64 or quoted-printable."""
    if body.encoding in _ENCODED and body.type.value.startswith("text/"):
        content = decoded(body.content, body.encoding)
        yield body.changed("text_decoded", content, content_transfer_encoding=EIGHT_BIT)


def parts_decoded(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a multipart whose texts in quoted-printable stand in 8bit."""
    content = _parts_decoded(mail, body, _DEPTH)
    if content != body.content:
        yield body.changed("parts_decoded", content)


def _parts_decoded(mail: Mail, body: Body, depth: int) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for part in parts_of(mail, body):
        header, content = body.content[part.start : part.body_start], body.content[part.body_start : part.end]
        encoding = parse_encoding(body_of(part.mime.get("content-transfer-encoding", b""))).token
        inner = Body(content, part.mime, 0, len(content))
        if encoding == "quoted-printable":
            header = header.replace(part.mime["content-transfer-encoding"], EIGHT_BIT)
            content = decoded(content, encoding)
        elif depth and inner.type.value.startswith("multipart/"):
            content = _parts_decoded(mail, inner, depth - 1)
        pieces += (body.content[at : part.start], header, content)
        at = part.end
    pieces.append(body.content[at:])
    return b"".join(pieces)
