"""Charsets as mail names them, and bytes read by them.

Labels mean what writers of them really use (WHATWG encoding labels): ISO-8859-1 and US-ASCII with bytes of the C1 range
are windows-1252, ISO-8859-9 is windows-1254, ISO-8859-11 is windows-874. UTF-16 and UTF-32 without a byte order mark
are big-endian.

Source: WHATWG Encoding 4.2, RFC 2781 4.3, RFC 6532.
"""

import re
from encodings.aliases import aliases
from functools import lru_cache

from forensics.parsers.mail.shifts import decode_shifted, is_shifted

_NOT_TEXT = frozenset(
    (
        "base64_codec",
        "bz2_codec",
        "hex_codec",
        "quopri_codec",
        "rot_13",
        "uu_codec",
        "zlib_codec",
        "mbcs",
        "oem",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
    )
)
"""Codecs of Python that are no charsets, or whose cost is not linear."""
_CODECS = frozenset(aliases.values()) - _NOT_TEXT
_MORE_NAMES = {
    "gb2312": "gb18030",
    "gb2312_80": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601_1987": "cp949",
    "ks_c_5601": "cp949",
    "euc_kr": "cp949",
    "x_sjis": "cp932",
    "shift_jis": "cp932",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
    "iso_8859_6_e": "iso8859_6",
    "utf8_bom": "utf_8",
    "x_utf_8": "utf_8",
    "unicode_1_1_utf_7": "utf_7",
    "x_gbk": "gb18030",
    "x_mac_roman": "mac_roman",
    "x_mac_cyrillic": "mac_cyrillic",
    "windows_874": "cp874",
    "iso_8859_11": "iso8859_11",
    "tis_620": "iso8859_11",
    "koi8_r": "koi8_r",
    "koi8_u": "koi8_u",
}
"""Supersets that writers of the narrower name really use (WHATWG encoding labels), and names Python lacks."""


_SUPERSETS = {"latin_1": "cp1252", "ascii": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874"}
"""Code pages that differ from a standard in the C1 range only."""
_C1 = re.compile("[\x80-\x9f]")
_BYTE_ORDER = {
    "utf_16": ("utf_16_be", (b"\xfe\xff", b"\xff\xfe")),
    "utf_32": ("utf_32_be", (b"\0\0\xfe\xff", b"\xff\xfe\0\0")),
}
_SHARED = bytes.fromhex("80828485868789 8b 9192939495969799 9b a0a7a9abacadae b0b1b4b5b6b7b8bb")
"""Signs that all Western and Central European code pages of Windows have in the same places."""
_ASCII = bytes(range(0x80))
_ABOVE_C1 = bytes(range(0xA0, 0x100))


@lru_cache(1024)
def codec(charset: str) -> str:
    """Return Python's name for a charset as claimed in mail; empty for one that is unknown or no text encoding."""
    name = charset.strip().lower().replace("-", "_").replace(" ", "_").replace(".", "_")
    if name in _MORE_NAMES:
        return _MORE_NAMES[name]
    found = aliases.get(name, name)
    if found not in _CODECS and name.startswith("cp_"):
        found = "cp" + name[3:]
    return found if found in _CODECS or found in ("koi8_r", "koi8_u", "utf_8_sig") else ""


def decode(raw: bytes, charset: str) -> str | None:
    """Decode strictly; ``None`` where the charset is unknown or the bytes are not of it."""
    name = codec(charset)
    return _decoded(raw, name, "strict") if name else None


def _decoded(raw: bytes, name: str, errors: str) -> str | None:
    if name in _BYTE_ORDER:
        big, marks = _BYTE_ORDER[name]
        name = name if raw.startswith(marks) else big
    try:
        text = raw.decode(name, errors)
    except (UnicodeError, LookupError):
        return None
    if name in _SUPERSETS and not raw.isascii() and _C1.search(text) is not None:
        return text.translate(_c1(_SUPERSETS[name]))
    return text


@lru_cache(4)
def _c1(name: str) -> dict[int, str]:
    """What a code page has in the C1 range; bytes that it leaves out stay control characters."""
    return {byte: text for byte in range(0x80, 0xA0) if (text := bytes((byte,)).decode(name, "ignore"))}


def decode_word(raw: bytes, name: str) -> str:
    """Decode what an encoded word of a known codec holds; U+FFFD for what is not of it."""
    if name == "ascii" and not raw.isascii():
        return decode_raw(raw, "us-ascii")
    text = _decoded(raw, name, "replace")
    return decode_raw(raw) if text is None else text


def decode_raw(raw: bytes, charset: str = "") -> str:
    """Decode bytes that name no charset.

    By their escape sequences, where they have such; as UTF-8 (RFC 6532); by *charset*; else with U+FFFD for what is
    unknown. US-ASCII, which many programs claim whatever they write, stands for windows-1252 only where the bytes look
    like it: few, and in the C1 range where windows-1252 has quotes and dashes.
    """
    if raw.isascii():
        if (b"\x1b" in raw or b"\x0e" in raw) and is_shifted(raw, charset):
            text = decode_shifted(raw, charset)
            if text is not None:
                return text
        return raw.decode("ascii")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        name = codec(charset) if charset else ""
        if name == "ascii" and _looks_western(raw):
            name = "latin_1"
        text = _decoded(raw, name, "strict") if name else None
        return raw.decode("utf-8", "replace") if text is None else text


def _looks_western(raw: bytes) -> bool:
    high = raw.translate(None, _ASCII)
    return not high.translate(None, _SHARED) or (3 * len(high) <= len(raw) and bool(high.translate(None, _ABOVE_C1)))


def encode(text: str, charset: str) -> bytes | None:
    """Undo `decode`; ``None`` where the charset is unknown or lacks a character."""
    name = codec(charset)
    for one in (name, _SUPERSETS.get(name, "")):
        try:
            return text.encode(one) if one else None
        except (UnicodeError, LookupError):
            continue
    return None


def lacks_byte_order(raw: bytes, charset: str) -> bool:
    """Whether bytes of UTF-16 or UTF-32 do not say in which order they stand."""
    name = codec(charset)
    return name in _BYTE_ORDER and bool(raw) and not raw.startswith(_BYTE_ORDER[name][1])


def find_charset(data: bytes) -> str:
    """Name the charset that decodes bytes of an unknown one; empty where none is found.

    UTF-8 is tried first, then the signs that code pages share; charset-normalizer, an estimate, only where both fail.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        if not data.translate(None, _SHARED).isascii():
            return _estimate(data[:32_768])
        return "windows-1252"
    return "utf-8"


def _estimate(data: bytes) -> str:
    from charset_normalizer import from_bytes  # costs 20 ms, needed by few mails

    best = from_bytes(data, threshold=0.2).best()
    return best.encoding.replace("_", "-") if best is not None else ""
