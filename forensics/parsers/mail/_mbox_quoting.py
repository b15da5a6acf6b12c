"""How lines in the bodies of a mailbox were quoted, as far as the file shows.

Source: the four variants after J. Zawinski and R. Nelson (mboxo, mboxrd, mboxcl, mboxcl2).
"""

import re

import msgspec

from forensics.parsers.mail._mbox_separators import LINE_BYTES, begins_field, is_undated

_FROM_LINE = re.compile(rb"\n(>*)From [^\n]*")
_DEPTH = re.compile(rb">*")


class Quoting(msgspec.Struct, frozen=True):
    """How lines that begin with From were quoted, as far as the file shows."""

    decoder: str
    """``mboxrd/1``, ``mboxo/1``, or empty: read as stored."""
    doubt: str
    """Why the evidence does not settle it; empty if it does, or if all readings give the same bytes."""


def quoting(sample: bytes) -> Quoting:
    """Decide the quoting variant from the first megabytes of a mailbox.

    In a passage of lines that begin with n ``>`` (a reply's quotation, or none), a line ``>>..From`` with more of them
    was quoted again, as mboxrd does; one with n was left alone, as mboxo does. A bare ``From `` line in a body shows a
    writer that does not quote (mboxcl2), or only what looks like a separator.
    """
    again = alone = quoted = bare = 0
    for match in _FROM_LINE.finditer(sample):
        depth = len(match[1])
        if depth == 0:
            following = sample[match.end() + 1 : match.end() + 256]
            bare += is_undated(match[0][:LINE_BYTES]) and not begins_field(following)
            continue
        quoted += 1
        around = _depth_around(sample, match)
        again += depth > 1 and depth > around
        alone += depth == around
    if not quoted:
        return Quoting("mboxrd/1", "")
    if bare:
        return Quoting("", f"{bare} lines that begin with From stand unquoted beside {quoted} quoted ones")
    if again and alone:
        return Quoting("mboxrd/1", f"{again} quoted lines are as mboxrd writes them, {alone} as mboxo does")
    return Quoting("mboxo/1" if alone else "mboxrd/1", "")


def _depth_around(sample: bytes, match: re.Match[bytes]) -> int:
    """Return the larger number of ``>`` that the lines before and after begin with."""
    before_start = sample.rfind(b"\n", max(0, match.start() - 2000), match.start()) + 1
    before = _DEPTH.match(sample, before_start, match.start())
    after = _DEPTH.match(sample, match.end() + 1)
    return max(len(before[0]) if before else 0, len(after[0]) if after else 0)
