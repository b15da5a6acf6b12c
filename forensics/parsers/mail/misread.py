"""Whether characters stand in a text only because UTF-8 was read in another charset, once or on an earlier way."""

_CODECS = ("cp1252", "cp1251", "cp1253", "cp1256", "iso8859-7", "koi8-r")
"""Charsets with one byte a letter in which UTF-8 gives unseen characters, or Cyrillic and Greek beside Latin."""
MOST = 16
"""Characters that are looked at on either side."""


def is_misread(text: str, start: int, end: int) -> bool:
    """Whether the characters beyond ASCII around a place are UTF-8, once they are written in a charset of one byte.

    Args:
        text: as it was read.
        start: of the place.
        end: of the place, exclusive.
    """
    first, last = start, end
    while first > max(0, start - MOST) and not text[first - 1].isascii():
        first -= 1
    while last < min(len(text), end + MOST) and not text[last].isascii():
        last += 1
    run = text[first:last]
    return len(run) > 1 and any(_is_utf8(run, codec) for codec in _CODECS)


def _is_utf8(run: str, codec: str) -> bool:
    try:
        b"".join([_byte(one, codec) for one in run]).decode("utf-8")
    except UnicodeError:
        return False
    return True


def _byte(letter: str, codec: str) -> bytes:
    """Return the byte of a letter; that of a control where the charset has none, as readers take it."""
    return letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else codec)
