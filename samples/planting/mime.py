"""MIME leaves of a mail by byte range, and text written back so that only changed lines change."""

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from itertools import pairwise

DEEPEST = 12


class Unfit(Exception):
    """A change that this mail cannot take: no such part, or a text that its charset or encoding cannot hold."""


@dataclass(frozen=True)
class Part:
    """One leaf; offsets count in the mail's body."""

    start: int
    end: int
    header_start: int
    """Where its own header begins; -1 for a mail that is one leaf."""
    media_type: str
    charset: str
    encoding: str
    name: str
    """File name; empty: none."""
    boundary: str
    """Of the multipart that it stands in; empty: none."""


def leaves(header: bytes, body: bytes) -> Iterator[Part]:
    """Yield the leaves in order; a multipart whose boundary never occurs is a leaf."""
    yield from _leaves(message_from_bytes(header + b"\n"), body, 0, len(body), -1, "", 0)


def _leaves(
    head: Message, body: bytes, start: int, end: int, header_start: int, boundary: str, depth: int
) -> Iterator[Part]:
    inner = head.get_boundary() if head.get_content_maintype() == "multipart" else None
    sections = list(_sections(body, start, end, inner)) if inner and depth < DEEPEST else []
    for first, last in sections:
        at = _header_end(body, first, last)
        yield from _leaves(message_from_bytes(body[first:at]), body, at, last, first, str(inner), depth + 1)
    if not sections:
        yield Part(
            start,
            end,
            header_start,
            head.get_content_type(),
            str(head.get_content_charset() or ""),
            str(head.get("Content-Transfer-Encoding", "")).strip().lower(),
            str(head.get_filename() or ""),
            boundary,
        )


def delimiters(boundary: str) -> re.Pattern[bytes]:
    """Match delimiter lines with the line end before them; group 1 is there on the last."""
    return re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)")


def _sections(body: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    found = list(delimiters(boundary).finditer(body[start:end]))
    for here, then in pairwise(found):
        if not here[1]:
            first = start + here.end()
            first += 2 if body[first : first + 2] == b"\r\n" else 1
            yield first, max(first, start + then.start())


def _header_end(body: bytes, start: int, end: int) -> int:
    at = start
    while at < end:
        line_end = body.find(b"\n", at, end) + 1 or end
        if not body[at:line_end].strip(b"\r\n"):
            return line_end
        at = line_end
    return end


def decoded(part: Part, raw: bytes) -> bytes:
    """Return the bytes that a transfer encoding stands for."""
    if part.encoding == "base64":
        return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", raw) + b"==")
    return quopri.decodestring(raw) if part.encoding == "quoted-printable" else raw


def text_of(part: Part, raw: bytes) -> str:
    """Return decoded text with LF line ends; empty where it is not text or does not decode."""
    if not part.media_type.startswith("text/"):
        return ""
    try:
        return decoded(part, raw).decode(part.charset or "us-ascii").replace("\r\n", "\n")
    except (UnicodeDecodeError, LookupError, ValueError):
        return ""


def with_bytes(part: Part, raw: bytes, new: bytes, newline: bytes) -> bytes:
    """Encode content as the old was: line length and last line end found there."""
    if part.encoding == "base64":
        width = max([len(line) for line in raw.splitlines()] or [76]) or 76
        text = base64.b64encode(new)
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        return newline.join(lines) + (newline if raw.endswith(b"\n") else b"")
    if part.encoding == "quoted-printable":
        return quopri.encodestring(new.replace(b"\r\n", b"\n")).replace(b"\n", newline)
    return new


def with_text(part: Part, raw: bytes, new: str, newline: bytes, *, sham: bool) -> bytes:
    """Write text back; lines that do not change keep their bytes. A sham encodes the old lines that would change.

    Raises:
        Unfit: the charset or a seven bit encoding cannot hold the text.
    """
    old = text_of(part, raw)
    if part.encoding == "base64":
        return with_bytes(part, raw, _encoded(part, old if sham else new, newline), newline)
    pieces = _logical_lines(raw, soft=part.encoding == "quoted-printable")
    before, after = old.split("\n"), new.split("\n")
    if len(pieces) != len(before):
        raise Unfit("lines of the text are not lines of the file")
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    lines = before[head : len(before) - tail] if sham else after[head : len(after) - tail]
    middle = [_line(part, line, newline) for line in lines]
    if not tail and middle:
        middle[-1] = middle[-1].removesuffix(newline)
    kept = pieces[:head]
    if not tail and not middle and kept:
        kept[-1] = kept[-1].rstrip(b"\r\n")
    if middle and kept and not kept[-1].endswith(b"\n"):
        kept[-1] += newline
    return b"".join([*kept, *middle, *pieces[len(pieces) - tail :]])


def _logical_lines(raw: bytes, *, soft: bool) -> list[bytes]:
    pieces, held = [], b""
    for line in raw.split(b"\n"):
        held += line
        if soft and line.rstrip(b"\r").endswith(b"="):
            held += b"\n"
            continue
        pieces.append(held + b"\n")
        held = b""
    if held:
        pieces.append(held)
    pieces[-1] = pieces[-1].removesuffix(b"\n")
    return pieces


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _line(part: Part, line: str, newline: bytes) -> bytes:
    data = _encoded(part, line, newline)
    if part.encoding == "quoted-printable":
        data = quopri.encodestring(data).replace(b"\n", newline)
    return data + newline


def _encoded(part: Part, text: str, newline: bytes) -> bytes:
    try:
        data = text.encode(part.charset or "us-ascii")
    except UnicodeEncodeError as error:
        raise Unfit(str(error)) from error
    if part.encoding == "7bit" and not data.isascii():
        raise Unfit("seven bit part")
    return data.replace(b"\n", newline)
