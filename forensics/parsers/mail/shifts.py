"""ISO 2022 in seven bits, written raw where ASCII belongs: escape sequences tell which bytes are letters of two bytes.

Such bytes may look like ``<``, ``(`` or ``,`` and mean nothing of it.

Source: RFC 1468, RFC 1554 (Japanese), RFC 1557 (Korean), RFC 1922 (Chinese).
"""

import re

_SHIFTED = re.compile(
    rb"\x1b\$[)*+][A-Z@]"  # names the set that a shift out turns to
    rb"|\x1b\([A-HJ-Z@]"  # back to letters of one byte
    rb"|\x1b(?:\$\(?[A-Z@]|\(I)[^\x1b\r\n]*+"
    rb"|\x0e[^\x0f\r\n]*+\x0f?"
)
_OUT = re.compile(rb"\x0e([^\x0f\r\n]*+)\x0f?|\x1b\$[)*+][A-Z@]")
_KOREAN = b"\x1b$)C"
_CHINESE = b"\x1b$)A"
_JAPANESE = ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004")


def is_shifted(raw: bytes, charset: str = "") -> bool:
    """Whether escape sequences stand in it, or a shift whose set *charset*, claimed beside it, names."""
    return b"\x1b$" in raw or b"\x1b(" in raw or (b"\x0e" in raw and charset.lower().startswith("iso-2022"))


def masked(raw: bytes) -> bytes:
    """Put a letter in place of every byte that is no ASCII, so that only what is written in ASCII has a meaning."""
    return _SHIFTED.sub(lambda found: b"x" * len(found[0]), raw)


def decode_shifted(raw: bytes, charset: str = "") -> str | None:
    """Decode by the escape sequences; ``None`` where they do not tell, or the bytes are not of their set."""
    label = charset.lower()
    if _KOREAN in raw or (b"\x0e" in raw and label.startswith("iso-2022-kr")):
        return _decoded(raw if raw.startswith(_KOREAN) else _KOREAN + raw.replace(_KOREAN, b""), "iso2022_kr")
    if _CHINESE in raw or (b"\x0e" in raw and label.startswith("iso-2022-cn")):
        return _decoded(_OUT.sub(_high, raw), "gb2312")
    for name in _JAPANESE:
        text = _decoded(raw, name)
        if text is not None:
            return text
    return None


def _high(found: re.Match[bytes]) -> bytes:
    """The same letters as EUC writes them: with the eighth bit."""
    return bytes([byte | 0x80 for byte in found[1] or b""])


def _decoded(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeError:
        return None
