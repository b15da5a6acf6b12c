"""Values of properties: texts by their code page, numbers, times.

Source: [MS-OXCDATA] 2.11, [MS-DTYP] 2.3.3 on FILETIME.
"""

from functools import lru_cache

from forensics.model.facts import Absence, Located
from forensics.parsers._counted_times import filetime
from forensics.parsers.mail import charsets
from forensics.parsers.mail.mapi.properties import Properties, Property

INTEGER16, INTEGER32, FLOATING64, BOOLEAN, INTEGER64 = 0x0002, 0x0003, 0x0005, 0x000B, 0x0014
STRING8, STRING, TIME, GUID, BINARY = 0x001E, 0x001F, 0x0040, 0x0048, 0x0102
MULTIPLE = 0x1000
"""Added to a type: several values of it."""
_NUMBERS = (INTEGER16, INTEGER32, INTEGER64)
_NEVER = 0x0CB34557A3DD4000.to_bytes(8, "little")
"""4501-01-01, which Outlook writes for "none"."""
MOST_BYTES = 1_000_000
"""Of a value that is read as a text of one line, or as a number."""
_CHARSETS = {
    874: "windows-874",
    932: "shift_jis",
    936: "gbk",
    949: "ks_c_5601-1987",
    950: "big5",
    1200: "utf-16le",
    10000: "macintosh",
    20127: "us-ascii",
    20866: "koi8-r",
    21866: "koi8-u",
    20932: "euc-jp",
    50220: "iso-2022-jp",
    50221: "iso-2022-jp",
    50222: "iso-2022-jp",
    50225: "iso-2022-kr",
    51932: "euc-jp",
    51936: "gb2312",
    51949: "euc-kr",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
}
_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE


@lru_cache(256)
def charset_of(codepage: int) -> str:
    """Return a Windows code page as mail names charsets; empty where it is none that is known."""
    name = _CHARSETS.get(codepage, "")
    if not name and 1250 <= codepage <= 1258:
        name = f"windows-{codepage}"
    elif not name and 28591 <= codepage <= 28606:
        name = f"iso-8859-{codepage - 28590}"
    elif not name and codepage < 1200:
        name = f"cp{codepage}"
    return name if charsets.codec(name) else ""


def codepage_of(properties: Properties) -> int:
    """Return the code page of an object's 8-bit strings; 0 where none is stated."""
    return number(properties, _CODEPAGE) or properties.codepage or number(properties, _INTERNET_CODEPAGE) or 0


def internet_charset(properties: Properties) -> str:
    """Return the charset of a message's page, as the message states it; empty where it does not."""
    return charset_of(number(properties, _INTERNET_CODEPAGE) or 0)


def data_of(found: Property, most: int = MOST_BYTES) -> bytes:
    """Return the first bytes of a value."""
    data = found.data
    return data[:most] if isinstance(data, bytes) else data.read(0, min(most, data.size))


def size_of(found: Property) -> int:
    """Return how many bytes a value has."""
    return len(found.data) if isinstance(found.data, bytes) else found.data.size


def integer(found: Property) -> int | None:
    """Return a number or truth value; ``None`` where it is of another type, or too short."""
    data = data_of(found)
    if found.type == BOOLEAN:
        return int(any(data[:2])) if data else None
    if found.type not in _NUMBERS or not data:
        return None
    return int.from_bytes(data[:8], "little", signed=True)


def number(properties: Properties, number: int) -> int | None:
    """Return the number that a property holds."""
    found = properties.get(number)
    return integer(found) if found is not None else None


def is_text(found: Property) -> bool:
    """Whether a value is a text."""
    return found.type in (STRING, STRING8)


def decoded(raw: bytes, kind: int, codepage: int) -> str:
    """Return a text as it says, without the NUL that some stores keep behind it."""
    if kind == STRING:
        return raw[: len(raw) & ~1].decode("utf-16-le", "replace").rstrip("\0")
    raw = raw.rstrip(b"\0")
    return raw.decode("ascii") if raw.isascii() else charsets.decode_raw(raw, charset_of(codepage) or "windows-1252")


def text(properties: Properties, number: int) -> str:
    """Return the text that a property holds; empty where there is none."""
    found = properties.get(number)
    if found is None or not is_text(found):
        return ""
    return decoded(data_of(found), found.type, codepage_of(properties))


def located(properties: Properties, found: Property) -> Located:
    """Return a text with its bytes and place."""
    raw = data_of(found)
    return Located(decoded(raw, found.type, codepage_of(properties)), raw, found.locator)


def instant(raw: bytes) -> int | Absence:
    """Return a FILETIME in 100 ns since 1970, or why it is none."""
    return Absence.NOT_APPLICABLE if raw[:8] == _NEVER else filetime(raw[:8])
