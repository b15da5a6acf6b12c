"""Text of the evidence made safe to look at: control and bidi characters as visible escapes, links defanged."""

import re

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LINK = re.compile(r"(?i)\b(h)tt(ps?)://([^\s/?#\"'<>]{0,255})|\b(f)t(ps?)://|\b(www)\.(?=\w)")
_SCHEME = re.compile(r"(?i)\b(?:(javascript|vbscript|mailto|cid|tel|sms):(?=\S)|(file|smb|data):(?=/|\w+/))")


def visible(text: str) -> str:
    r"""Write every control, bidi, zero-width or unpaired character as an escape (``\x1b``, ``\u202e``).

    Line breaks and tabs are escaped too: what one value holds stays on one line.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escape, text)


def visible_bytes(raw: bytes) -> str:
    r"""Picture bytes: UTF-8 where it is valid, ``\xNN`` for every other byte."""
    return visible(raw.decode("utf-8", "backslashreplace"))


def defang(text: str) -> str:
    """Break links, so that no reader's program makes them clickable."""
    if ":" not in text and "." not in text:
        return text
    return _SCHEME.sub(_unlink_scheme, _LINK.sub(_unlink, text))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x100:
        return _NAMED.get(character) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _unlink(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}xx{match[2]}://{match[3].replace('.', '[.]')}"
    if match[4]:
        return f"{match[4]}x{match[5]}://"
    return f"{match[6]}[.]"


def _unlink_scheme(match: re.Match[str]) -> str:
    return f"{match[1] or match[2]}[:]"
