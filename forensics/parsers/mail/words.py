"""Text of header fields: unfolding, comments, encoded words, raw 8-bit.

What cannot be decoded stays visible: an encoded word of an unknown charset stays as written, bytes of no known charset
become U+FFFD. The raw bytes stand in the header field anyway.

Source: RFC 2047, RFC 5322 2.2.3 and 3.2.2, RFC 6532.
"""

import binascii
import re

from forensics.parsers.mail.charsets import codec, decode_raw, decode_word
from forensics.replay.base64 import base64

_MARK = re.compile(rb"\\.|\"|[()]", re.DOTALL)
_LINES = re.compile(r"[\r\n]+")
_WORD = re.compile(rb"=\?([^?\s=]{1,80})\?([bBqQ])\?([^?]*+)\?=")


def unfold(text: str) -> str:
    """Make every fold one space and drop white space at both ends."""
    text = text.strip(" \t\r\n")
    if "\n" in text or "\r" in text:
        return " ".join([line.strip(" \t") for line in _LINES.split(text)])
    return text


def without_comments(raw: bytes) -> bytes:
    """Put a space in place of every comment outside quoted strings, nested or escaped; what is never closed stays."""
    if b"(" not in raw:
        return raw
    kept: list[bytes] = []
    depth = start = position = 0
    quoted = False
    for found in _MARK.finditer(raw):
        mark = found[0]
        if mark == b'"' and depth == 0:
            quoted = not quoted
        elif quoted:
            continue
        elif mark == b"(":
            if depth == 0:
                start = found.start()
            depth += 1
        elif mark == b")" and depth > 0:
            depth -= 1
            if depth == 0:
                kept += (raw[position:start], b" ")
                position = found.end()
    kept.append(raw[position:])
    return b"".join(kept)


def decode_text(raw: bytes, charset: str = "") -> str:
    """Decode an unstructured field body or a phrase.

    Args:
        raw: field body with folding.
        charset: the message's own charset, asked where raw 8-bit bytes are no UTF-8.
    """
    return unfold(decode_words(raw, charset))


def decode_words(raw: bytes, charset: str) -> str:
    """Decode encoded words; everything else stays, folds too."""
    if b"=?" not in raw:
        return decode_raw(raw, charset)
    pieces: list[str] = []
    position = 0
    held: tuple[str, bytes] | None = None
    for found in _WORD.finditer(raw):
        between = raw[position : found.start()]
        name, data = _word(found)
        if held is not None and (between.strip() or (held[0] != name)):
            pieces.append(_word_text(held))
            held = None
        if between.strip() or position == 0:
            pieces.append(decode_raw(between, charset))
        held = (name, held[1] + data) if held is not None else (name, data)
        position = found.end()
    if held is not None:
        pieces.append(_word_text(held))
    pieces.append(decode_raw(raw[position:], charset))
    return "".join(pieces)


def _word(found: re.Match[bytes]) -> tuple[str, bytes]:
    charset, kind, text = found.groups()
    name = codec(charset.split(b"*", 1)[0].decode("latin-1"))
    if not name:
        return "", found[0]
    if kind in b"bB":
        return name, base64(text)
    if b"\n" in text or b"\r" in text:
        text = b"".join([line.strip(b" \t") for line in text.splitlines()])
    return name, binascii.a2b_qp(text, header=True)


def _word_text(held: tuple[str, bytes]) -> str:
    name, data = held
    return decode_word(data, name) if name else decode_raw(data)
