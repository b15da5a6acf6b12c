"""Names of archive members that could mislead: recorded, never used as a path."""

import re
from collections.abc import Iterator

_ODD = re.compile(rb"[\0-\x1f\x7f-\xff]|\.\.|^[/\\]|^[A-Za-z]:")
"""Whatever is odd about a name has one of these."""
_DRIVE = re.compile(rb"[A-Za-z]:")
_CONTROL = re.compile(rb"[\0-\x1f\x7f]")
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def odd_names(name: bytes, area: str) -> Iterator[tuple[str, str]]:
    """Yield code and text of what is odd about a name.

    Args:
        name: as the archive has it; in UTF-8 where its format has a charset.
        area: of the container's notice codes.
    """
    if not name:
        yield f"{area}.name_empty", "it has no name"
    if _ODD.search(name) is None:
        return
    if b".." in name.replace(b"\\", b"/").split(b"/") or name.startswith((b"/", b"\\")) or _DRIVE.match(name):
        yield f"{area}.name_path", "its name leads out of the folder it would be unpacked to"
    if _CONTROL.search(name):
        yield f"{area}.name_control", "its name holds control characters"
    if _HIDDEN.search(name.decode("utf-8", "replace")):
        yield f"{area}.name_hidden", "its name holds characters without a shape, or that turn writing"
