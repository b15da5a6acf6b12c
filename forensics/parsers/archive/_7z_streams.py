"""Streams drained from an engine of a library.

Source: the interface that bz2, lzma and others of Python's decompressors share.
"""

from collections.abc import Callable, Iterable, Iterator

from forensics.replay.streams import OUTPUT_BYTES, Engine, rechunked

Faults = tuple[type[Exception], ...]


def drain(
    chunks: Iterable[bytes], engine: Engine, faults: Faults, renew: Callable[[], Engine] | None = None
) -> Iterator[bytes]:
    """Decode a stream, and with *renew* those behind it, in blocks of `OUTPUT_BYTES`; *faults* are raised on damage."""
    for chunk in rechunked(chunks):
        data: bytes | None = chunk
        while data is not None:
            out = _decoded(engine, data, faults)
            if out is None:
                return
            if out:
                yield out
            if engine.eof:
                rest = engine.unused_data
                if renew is None:
                    return
                engine = renew()
                data = rest or None
            else:
                # Some engines ask for more only by giving nothing.
                data = b"" if out and not engine.needs_input else None
    # What some still hold back when the input ends.
    while not engine.eof and (out := _decoded(engine, b"", faults)):
        yield out


def _decoded(engine: Engine, data: bytes, faults: Faults) -> bytes | None:
    try:
        return engine.decompress(data, OUTPUT_BYTES)
    except faults:
        return None  # what failed gives nothing more
