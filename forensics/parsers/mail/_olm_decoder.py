"""The text of an XML element: references resolved, lines ending at LF.

Source: XML 1.0, 2.11 and 4.1.
"""

import re

from forensics.model.decoding import Decoder

_REFERENCE = re.compile(rb"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_LINE_END = re.compile(rb"\r\n?")


def _character(found: re.Match[bytes]) -> bytes:
    if found[3] is not None:
        return _NAMED[found[3]]
    number = int(found[1]) if found[1] is not None else int(found[2], 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return found[0]
    return chr(number).encode()


def unescaped(data: bytes) -> bytes:
    """Return the text of an element in UTF-8; what is no reference stays as it is."""
    return _REFERENCE.sub(_character, _LINE_END.sub(b"\n", data))


XML_TEXT = Decoder(name="xml-text/1", whole=unescaped)
