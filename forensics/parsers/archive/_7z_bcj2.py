"""BCJ2: programs for x86 whose calls and jumps were taken out into streams of their own.

Source: Bcj2.c of the LZMA SDK (public domain), its decoder.
"""

import re
from collections.abc import Iterable, Iterator

from forensics.replay.feed import Feed

_BRANCH = re.compile(rb"[\xe8\xe9]|(?<=\x0f)[\x80-\x8f]")
_TOP = 1 << 24
_OUT = 1 << 16


class _Bits:
    """The range coder that says of each branch whether it was taken out."""

    def __init__(self, stream: Feed) -> None:
        self._stream = stream
        self._range = 0xFFFFFFFF
        self._code = int.from_bytes(stream.take(5), "big") & 0xFFFFFFFF
        self._odds = [1024] * 258

    def taken_out(self, branch: int, before: int) -> bool:
        """Read one bit, in the context of the opcode and, for a call, of the byte before it."""
        place = before if branch == 0xE8 else 256 if branch == 0xE9 else 257
        odds = self._odds[place]
        bound = (self._range >> 11) * odds
        taken = self._code >= bound
        if taken:
            self._range -= bound
            self._code -= bound
            self._odds[place] = odds - (odds >> 5)
        else:
            self._range = bound
            self._odds[place] = odds + (2048 - odds >> 5)
        if self._range < _TOP:
            self._range <<= 8
            self._code = (self._code << 8 | int.from_bytes(self._stream.take(1), "big")) & 0xFFFFFFFF
        return taken


def bcj2(
    main: Iterable[bytes], calls: Iterable[bytes], jumps: Iterable[bytes], bits: Iterable[bytes], size: int
) -> Iterator[bytes]:
    """Yield the program, up to *size* bytes or the first stream that ends."""
    main_stream, targets, coder = Feed(main), (Feed(calls), Feed(jumps)), _Bits(Feed(bits))
    out, done, before = bytearray(), 0, 0
    while done + len(out) < size and (data := main_stream.some()):
        at = 0
        while at < len(data):
            stop = _branch(data, at, before)
            out += data[at:stop]
            if stop > at:
                before = data[stop - 1]
            at = stop
            if at < len(data):
                branch = data[at]
                out.append(branch)
                at += 1
                if done + len(out) >= size:
                    break
                if coder.taken_out(branch, before):
                    raw = targets[branch != 0xE8].take(4)
                    if len(raw) < 4:
                        yield bytes(out)
                        return
                    target = int.from_bytes(raw, "big") - (done + len(out) + 4) & 0xFFFFFFFF
                    out += target.to_bytes(4, "little")
                    before = target >> 24
                else:
                    before = branch
            if len(out) >= _OUT:
                done += len(out)
                yield bytes(out)
                out.clear()
    if out:
        yield bytes(out)


def _branch(data: bytes, at: int, before: int) -> int:
    """Return the place of the next branch; the byte before the first may stand in another block, or be a target's."""
    first = data[at]
    if first & 0xFE == 0xE8 or (before == 0x0F and first & 0xF0 == 0x80):
        return at
    found = _BRANCH.search(data, at + 1)
    return found.start() if found else len(data)
