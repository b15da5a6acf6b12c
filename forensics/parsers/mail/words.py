"""Text of header fields: unfolding, encoded words, parameters, raw 8-bit.

What cannot be decoded stays visible: an encoded word of an unknown charset stays as written, bytes of no known charset
become U+FFFD. The raw bytes stand in the header field anyway.

Source: RFC 2047, RFC 2231, RFC 5322 2.2.3, RFC 6532.
"""

import binascii
import re
from encodings.aliases import aliases
from functools import lru_cache

from forensics.parsers import decoders
from forensics.parsers.mail.comments import without_comments

_LINES = re.compile(r"[\r\n]+")
_WORD = re.compile(rb"=\?([^?\s=]{1,80})\?([bBqQ])\?([^?]*+)\?=")
_PARAMETER = re.compile(
    rb"[\s;]*+([^\s=;\"()]++)\s*+=\s*+"
    rb"(?:\"((?:[^\"\\]++|\\.)*+)(?:\"|\Z)|([^;\"\s]*+(?:\s++(?![^\s=;]++\s*+=)[^;\"\s]++)*+))",
    re.DOTALL,
)
_NO_PARAMETER = re.compile(rb"[\s;]*+[^;]*+")
_TYPE = re.compile(rb"\s*+([^\s;/]*+(?:\s*+/\s*+[^\s;]*+)?)")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
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
    if not name:
        return None
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError):
        return None


def decode_raw(raw: bytes, charset: str = "") -> str:
    """Decode bytes that name no charset: UTF-8 (RFC 6532), else *charset*, else with U+FFFD for what is unknown."""
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        text = decode(raw, charset) if charset else None
        return raw.decode("utf-8", "replace") if text is None else text


def unfold(text: str) -> str:
    """Make every fold one space and drop white space at both ends."""
    text = text.strip(" \t\r\n")
    if "\n" in text or "\r" in text:
        return " ".join([line.strip(" \t") for line in _LINES.split(text)])
    return text


def decode_text(raw: bytes, charset: str = "") -> str:
    """Decode an unstructured field body or a phrase.

    Args:
        raw: field body with folding.
        charset: the message's own charset, asked where raw 8-bit bytes are no UTF-8.
    """
    return unfold(_decode_words(raw, charset))


def _decode_words(raw: bytes, charset: str) -> str:
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
        return name, decoders.base64(text)
    if b"\n" in text or b"\r" in text:
        text = b"".join([line.strip(b" \t") for line in text.splitlines()])
    return name, binascii.a2b_qp(text, header=True)


def _word_text(held: tuple[str, bytes]) -> str:
    name, data = held
    if not name:
        return decode_raw(data)
    try:
        return data.decode(name, "replace")
    except (UnicodeError, LookupError):
        return decode_raw(data)


class Value:
    """A structured field body: its first token and its parameters."""

    __slots__ = ("parameters", "value")

    def __init__(self, value: str, parameters: dict[str, str]) -> None:
        self.value = value
        """Lower case, without comments and inner white space."""
        self.parameters = parameters
        """Lower-case name to decoded value; of equal names the first."""


@lru_cache(4096)
def parse_value(raw: bytes) -> Value:
    """Read ``token; name=value; ...`` of Content-Type and Content-Disposition, RFC 2231 and 2047 forms included.

    Semicolons may be missing, values that hold spaces may lack their quotes.
    """
    raw = without_comments(raw)
    head = _TYPE.match(raw)
    value = b"".join(head[1].split()) if head is not None else b""
    return Value(decode_raw(value).lower(), _parameters(raw, head.end() if head is not None else 0))


def _parameters(raw: bytes, position: int) -> dict[str, str]:
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bytes, bool]]] = {}
    while (found := _PARAMETER.match(raw, position)) or position < len(raw):
        if found is None:
            skipped = _NO_PARAMETER.match(raw, position)
            position = skipped.end() if skipped is not None else len(raw)
            continue
        position = found.end()
        name = decode_raw(found[1]).lower()
        text = _quoted(found[2]) if found[2] is not None else found[3]
        base, star, rest = name.partition("*")
        if not star:
            if text or found[2] is not None:
                plain.setdefault(base, _decode_words(text, ""))
            continue
        number = rest.rstrip("*")
        if number == "" or (number.isdecimal() and len(number) < 6):
            extended.setdefault(base, {}).setdefault(int(number or 0), (text, rest == "" or rest.endswith("*")))
    for base, segments in extended.items():
        if base:
            plain[base] = _joined(segments)
    return plain


def _quoted(inner: bytes) -> bytes:
    """What a quoted string says: line ends of folds and escapes taken away, white space kept."""
    if b"\n" in inner or b"\r" in inner:
        inner = inner.replace(b"\r", b"").replace(b"\n", b"")
    return _ESCAPE.sub(rb"\1", inner) if b"\\" in inner else inner


def _joined(segments: dict[int, tuple[bytes, bool]]) -> str:
    """Join RFC 2231 segments, decoding those marked with ``*``."""
    charset = ""
    data = b""
    for place, number in enumerate(sorted(segments)):
        text, encoded = segments[number]
        if encoded:
            if place == 0 and text.count(b"'") >= 2:
                label, _, text = text.split(b"'", 2)
                charset = label.decode("latin-1")
            text = _PERCENT.sub(_byte, text)
        data += text
    decoded = decode(data, charset) if charset else None
    return decode_raw(data) if decoded is None else decoded


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))


def find_charset(data: bytes) -> str:
    """Name the charset that decodes bytes of an unknown one; empty where none is found.

    UTF-8 is tried first; charset-normalizer, an estimate, only where that fails.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        return _estimate(data[:32_768])
    return "utf-8"


def _estimate(data: bytes) -> str:
    from charset_normalizer import from_bytes  # costs 20 ms, needed by few mails

    best = from_bytes(data, threshold=0.2).best()
    return best.encoding.replace("_", "-") if best is not None else ""
