"""The process of the desk: is asked on standard input, reads items of the sources, answers on standard output.

It walks to an item by its steps, compares the digest of every layer, and parses what it found there. It is confined
before it reads anything, and starts nothing.
"""

import gc
import os
import resource
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

import msgspec

from forensics.engine.desk.protocol import (
    ANSWERED,
    ASKED,
    FRAME_BYTES,
    WORDS,
    Failed,
    Mark,
    Opening,
    Ready,
    Request,
    Wanted,
    pack_texts,
)
from forensics.engine.desk.sources import Sources
from forensics.engine.desk.texts import texts_of
from forensics.engine.reading.confine import confine
from forensics.errors import ForensicsError
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.locations import unquote
from forensics.parsers import every, recorded

ADDRESS_SPACE = 3 << 30
"""Bytes; less than a worker's, whose jobs are larger than an item."""
_T = TypeVar("_T")


def main() -> None:
    """Answer requests until standard input closes."""
    asked, answers = _channels()
    opening = _next(asked, Opening)
    if opening is None:
        return
    every()
    os.environ.clear()
    if opening.spool is not None:
        tempfile.tempdir = os.fsdecode(opening.spool)  # for files that a library has to be given
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # the model has no cycles
    confinement = confine()
    _limit_memory()
    _answer(answers, Mark.LAST, msgspec.msgpack.encode(Ready(confinement)))
    with Sources(opening) as sources:
        while (request := _next(asked, Request)) is not None:
            for wanted in request.items:
                _serve(answers, sources, request, wanted)


def _limit_memory() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    least = min([ADDRESS_SPACE, *[limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]])
    resource.setrlimit(resource.RLIMIT_AS, (least, least))


def _serve(answers: BinaryIO, sources: Sources, request: Request, wanted: Wanted) -> None:
    """Answer for one item; what it costs in memory is given back before the next."""
    try:
        if request.kind == "bytes":
            _send_range(answers, sources.source(wanted), request.start, request.end)
        else:
            _send(answers, _READERS[request.kind](sources, request, wanted))
    except ForensicsError as error:
        failed = Failed.by(error)
    except OSError as error:
        failed = Failed(code="intake", text=f"{wanted.text}: {error.strerror}"[:WORDS])
    except Exception as error:  # noqa: BLE001  a fault of a reader costs this item alone
        failed = Failed(code="fault", text=f"{type(error).__name__}: {error}"[:WORDS])
    else:
        return
    _answer(answers, Mark.FAILED, msgspec.msgpack.encode(failed))


def _send_range(answers: BinaryIO, source: ByteSource, start: int, end: int) -> None:
    end = min(end, source.size)
    for at in range(start, end, FRAME_BYTES):
        _answer(answers, Mark.PIECE, source.read(at, min(at + FRAME_BYTES, end)))
    _answer(answers, Mark.LAST, b"")


def _send(answers: BinaryIO, raw: bytes) -> None:
    last = max(0, len(raw) - 1) // FRAME_BYTES * FRAME_BYTES
    for at in range(0, last, FRAME_BYTES):
        _answer(answers, Mark.PIECE, raw[at : at + FRAME_BYTES])
    _answer(answers, Mark.LAST, raw[last:])


def _headers(sources: Sources, _: Request, wanted: Wanted) -> bytes:
    parser = recorded(wanted.parser)
    if parser is None or parser.header_fields is None:
        return msgspec.msgpack.encode(())
    return msgspec.msgpack.encode(parser.header_fields(sources.source(wanted), ParseContext()))


def _texts(sources: Sources, _: Request, wanted: Wanted) -> bytes:
    return pack_texts(texts_of(wanted, sources))


def _difference(sources: Sources, request: Request, wanted: Wanted) -> bytes:
    from forensics.relations.comparing.contents import compare_contents  # loads what only comparing needs

    assert request.other is not None
    data, names = [], []
    for one in (wanted, request.other):
        source = sources.source(one)
        data.append(source.read(0, source.size))
        names.append(unquote(one.places[0].steps[-1].name))
    found = compare_contents(data[0], data[1], sources.limits, (names[0], names[1]))
    try:
        return msgspec.msgpack.encode(found)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(_writable(msgspec.to_builtins(found, builtin_types=(bytes,))))


def _writable(value: Any) -> Any:
    """Put U+FFFD in the place of half surrogate pairs, which are no UTF-8."""
    match value:
        case str():
            return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        case dict():
            return {key: _writable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_writable(inner) for inner in value]
    return value


_READERS: dict[str, Callable[[Sources, Request, Wanted], bytes]] = {
    "headers": _headers,
    "texts": _texts,
    "difference": _difference,
}


def _next(asked: BinaryIO, kind: type[_T]) -> _T | None:
    head = asked.read(ASKED.size)
    if len(head) < ASKED.size:
        return None
    return msgspec.msgpack.decode(asked.read(*ASKED.unpack(head)), type=kind)


def _answer(answers: BinaryIO, mark: Mark, piece: bytes) -> None:
    left = memoryview(ANSWERED.pack(mark, len(piece)) + piece)
    while left:
        left = left[answers.write(left) :]


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Keep both channels private: what a library prints or reads must not mix with them."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    for place, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY)):
        null = os.open(os.devnull, mode)
        os.dup2(null, place)
        os.close(null)
    return asked, answers


if __name__ == "__main__":
    main()
