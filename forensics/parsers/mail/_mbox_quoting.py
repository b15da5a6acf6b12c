"""How lines in the bodies of a mailbox were quoted, as far as the file shows, and the decoders that undo it.

Source: the four variants after J. Zawinski and R. Nelson (mboxo, mboxrd, mboxcl, mboxcl2).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec

from forensics.model.decoding import Decoder
from forensics.parsers.mail._mbox_separators import LINE_BYTES, begins_field, is_undated

_FROM_LINE = re.compile(rb"\n(>*)From [^\n]*")
_DEPTH = re.compile(rb">*")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_QUOTED_ONCE = re.compile(rb"^>(From )", re.MULTILINE)
_HELD_BYTES = 1 << 20
"""The rest of a line longer than this passes as it is."""


def _mboxrd(data: bytes) -> bytes:
    """Take one ``>`` from every line that starts with ``>``s and ``From ``."""
    return _QUOTED.sub(rb"\1", data)


def _mboxo(data: bytes) -> bytes:
    """Take the ``>`` from every line that starts with ``>From ``."""
    return _QUOTED_ONCE.sub(rb"\1", data)


def _by_lines(decode: Callable[[bytes], bytes], chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Apply a decoder that looks at starts of lines only, in blocks cut at line ends."""
    held, inside = b"", False
    for chunk in chunks:
        held += chunk
        if inside:
            line_end = held.find(b"\n") + 1
            yield held[: line_end or len(held)]
            held, inside = held[line_end:] if line_end else b"", line_end == 0
        cut = held.rfind(b"\n") + 1
        if cut:
            yield decode(held[:cut])
            held = held[cut:]
        if len(held) > _HELD_BYTES and held.strip(b">"):
            yield decode(held)
            held, inside = b"", True
    if held:
        yield held if inside else decode(held)


MBOXRD = Decoder(name="mboxrd/1", whole=_mboxrd, stream=partial(_by_lines, _mboxrd))
MBOXO = Decoder(name="mboxo/1", whole=_mboxo, stream=partial(_by_lines, _mboxo))


class Quoting(msgspec.Struct, frozen=True):
    """How lines that begin with From were quoted, as far as the file shows."""

    decoder: Decoder | None
    """`MBOXRD`, `MBOXO`, or ``None``: read as stored."""
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
        return Quoting(MBOXRD, "")
    if bare:
        return Quoting(None, f"{bare} lines that begin with From stand unquoted beside {quoted} quoted ones")
    if again and alone:
        return Quoting(MBOXRD, f"{again} quoted lines are as mboxrd writes them, {alone} as mboxo does")
    return Quoting(MBOXO if alone else MBOXRD, "")


def _depth_around(sample: bytes, match: re.Match[bytes]) -> int:
    """Return the larger number of ``>`` that the lines before and after begin with."""
    before_start = sample.rfind(b"\n", max(0, match.start() - 2000), match.start()) + 1
    before = _DEPTH.match(sample, before_start, match.start())
    after = _DEPTH.match(sample, match.end() + 1)
    return max(len(before[0]) if before else 0, len(after[0]) if after else 0)
