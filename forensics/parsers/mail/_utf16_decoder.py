"""Text in UTF-16 as UTF-8: how mail that an editor saved so becomes mail again.

Source: RFC 2781.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from forensics.model.decoding import Decoder


def _stream(codec: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield UTF-8 for each chunk; half a unit at the end is dropped, half a pair is kept as such."""
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
    held = b""
    for chunk in chunks:
        data = held + chunk
        whole = len(data) & ~1
        held = data[whole:]
        if text := decoder.decode(data[:whole]):
            yield text.encode("utf-8", "surrogatepass")
    # The decoder still holds the first half of a pair whose second never came.
    rest, _ = decoder.getstate()
    if len(rest) == 2:
        yield chr(int.from_bytes(rest, "little" if codec.endswith("le") else "big")).encode("utf-8", "surrogatepass")


def _whole(codec: str) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(_stream(codec, (data,)))


UTF_16_LE = Decoder(name="utf-16-le/1", whole=_whole("utf-16-le"), stream=partial(_stream, "utf-16-le"))
UTF_16_BE = Decoder(name="utf-16-be/1", whole=_whole("utf-16-be"), stream=partial(_stream, "utf-16-be"))
