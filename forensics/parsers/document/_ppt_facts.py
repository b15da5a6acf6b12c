"""What PowerPoint keeps in its own streams: who saved it last, and how often it was saved behind itself.

Source: [MS-PPT] 2.3.2 (CurrentUserAtom), 2.3.3 (UserEditAtom).
"""

from collections.abc import Callable

from forensics.parsers._compound_stream import Stream
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ole2_fonts import font_facts

DOCUMENT, USER = "PowerPoint Document", "Current User"
DOCUMENT_BYTES = 1 << 26
_USER_BYTES = 1 << 12
_CURRENT_USER, _USER_EDIT = 0x0FF6, 0x0FF5
_MOST_EDITS = 1_000
_EDIT_BYTES = 36
_NAME_AT = 28
_BUILD_AT = 12
"""Of a save: the build of PowerPoint that made it, which [MS-PPT] has readers ignore."""
_FONT = b"\xb7\x0f"
"""Type of the record that a font's name begins."""


def read(streams: Callable[[str, int], Stream | None], gathering: Gathering, application: str) -> set[str]:
    """Add facts of a presentation; return the names of the streams that are the presentation itself."""
    document, user = streams(DOCUMENT, DOCUMENT_BYTES), streams(USER, _USER_BYTES)
    if document is not None:
        data = document.data
        font_facts(document, 0, len(data), lambda at, _: data[at - 6 : at - 4] == _FONT, gathering)
    if user is not None:
        last = _user(user, gathering)
        if document is not None and last:
            _edits(document, last, gathering)
    return {one.path.removeprefix("ole:") for one in (document, user) if one is not None}


def _user(stream: Stream, gathering: Gathering) -> int:
    """Add who saved it last; return where the last save stands in the document."""
    if stream.number(2, 2) != _CURRENT_USER:
        gathering.note("ppt_user", f"{stream.path} does not hold what it should", stream.locator("atom", 0, 8))
        return 0
    length, release = stream.number(20, 2) or 0, _NAME_AT + (stream.number(20, 2) or 0)
    start, end = release + 4, release + 4 + 2 * length
    text = stream.data[start:end]
    if length and len(text) == 2 * length:
        raw = text[: kept_bytes(text)]
        locator = stream.locator("userName", start, start + len(raw))
        gathering.add_fact("ppt.user", raw.decode("utf-16-le", "replace"), locator, raw)
    elif length and (raw := stream.data[_NAME_AT : _NAME_AT + length].partition(b"\0")[0]):
        locator = stream.locator("ansiUserName", _NAME_AT, _NAME_AT + len(raw))
        gathering.add_fact("ppt.user", raw.decode("cp1252", "replace"), locator, raw)
    return stream.number(16, 4) or 0


def _edits(stream: Stream, last: int, gathering: Gathering) -> None:
    """Follow the saves back, each of which names the one before it, and add how many there are."""
    met = user_edits(stream, last)
    if met:
        end = min(last + _EDIT_BYTES, len(stream.data))
        gathering.add_fact("ppt.saves", str(len(met)), stream.locator("UserEditAtom", last, end), stream.data[last:end])
        build, start = stream.number(last + _BUILD_AT, 2), last + _BUILD_AT
        if build:
            locator = stream.locator("UserEditAtom/version", start, start + 2)
            gathering.add_fact("ppt.build", str(build), locator, stream.data[start : start + 2])


def user_edits(stream: Stream, last: int) -> list[int]:
    """Return where the saves stand, the last one first."""
    at, met = last, dict[int, None]()
    while at and at not in met and len(met) < _MOST_EDITS and stream.number(at + 2, 2) == _USER_EDIT:
        met[at] = None
        at = stream.number(at + 16, 4) or 0
    return list(met)


def kept_bytes(text: bytes) -> int:
    """Return how many bytes of a UTF-16 text stand before the NULs that end it."""
    size = len(text) & ~1
    while size and text[size - 2 : size] == b"\0\0":
        size -= 2
    return size
