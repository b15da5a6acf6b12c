"""A compressed file as a container of one content: what its streams say of themselves, and what they decode to.

Source: the formats' own specifications, named in their files.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from forensics.intake.windows import BLOCK, Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Fact, Timestamp
from forensics.model.items import Budget, ChildItem, Notice, Padding, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind, quote, unquote
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._bounded import Decoding, Unread
from forensics.replay.compressed_files import CUT_OFF, DAMAGED, KEPT, MOST, Stream, Streams

NAMED = (StepKind.FILE, StepKind.ZIP_MEMBER, StepKind.MEMBER)
"""Steps whose name is a file's."""
TRIALS, TRIAL_BYTES = 1_000, 4_096
"""Places behind a damaged stream that are tried as the beginning of another, and bytes that are tried."""
TIMES = 100
"""Times of streams that the content carries; those of all that are kept stand with the facts."""


class Said(NamedTuple):
    """What one stream says of itself."""

    name: bytes = b""
    size: int | None = None
    """Decoded, as stated; of formats that state it modulo, so."""
    crc32: int | None = None
    times: tuple[Timestamp, ...] = ()
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Fact, ...] = ()
    notices: tuple[Notice, ...] = ()


class Single(NamedTuple):
    """A format of compressed files."""

    area: str
    """First word of its notices, and the name of its step."""
    format: str
    """Format id."""
    streams: Callable[[], Streams]
    decoder: str
    magic: bytes
    """Begins every stream; empty where nothing does."""
    suffixes: Mapping[bytes, bytes]
    """Ends of file names, in lower case, to what stands for them when the file is unpacked."""
    describe: Callable[[ByteSource, Stream, int], Said]
    """Reads what a stream says of itself; the number counts them."""


def read(source: ByteSource, where: Location, context: ParseContext, single: Single) -> Iterator[Yielded]:
    """Yield what the streams say, the content that they decode to, and what stands behind them."""
    area, streams = single.area, single.streams()
    budget = context.budget or Budget(context.limits, source.size)
    decoding = Decoding(area, blocks(source, 0, source.size), streams.decode, None, context, budget)
    content: bytes | ByteSource | None = None
    sha256, notices, end = "", list[Notice](), source.size
    try:
        content = decoding.content()
        if streams.damage and not decoding.size:
            content = None  # nothing came before the damage
        else:
            sha256, end = decoding.digest.hexdigest(), streams.consumed
    except Unread as why:
        notices.append(Notice(code=why.code, text=str(why), unread=source.size))
    said = [single.describe(source, stream, number) for number, stream in enumerate(streams.found)]
    yield _facts(single, streams, said)
    for one in said:
        yield from one.notices
    if not notices:
        notices += _broken(area, streams)
    name = next((one.name for one in said if one.name), b"") or _outer_name(where, single.suffixes)
    yield ChildItem(
        step=Step(kind=StepKind.STREAM, name=area, start=0, end=end, decoder=single.decoder, sha256=sha256),
        content=content,
        name=name.rpartition(b"/")[2],
        times=tuple([stamp for one in said[:TIMES] for stamp in one.times]),
        notices=tuple(notices),
        spent=True,
    )
    if content is not None or streams.damage:
        yield from _behind(source, streams, single)


def _facts(single: Single, streams: Streams, said: list[Said]) -> ArchiveFacts:
    members = tuple(
        [
            ArchiveMember(
                index=number,
                name=quote(one.name),
                size=stream.size,
                stored_size=stream.end - stream.start,
                crc32=one.crc32,
                encrypted=False,
                header_start=stream.start,
                times=one.times,
                conflicts=one.conflicts,
                said=one.facts,
            )
            for number, (stream, one) in enumerate(zip(streams.found, said, strict=True))
        ]
    )
    count = Fact(
        name=f"{single.area}.streams",
        value=str(streams.count),
        raw=b"",
        locator=Locator(ranges=((0, streams.consumed),), path=f"{single.area}:streams"),
    )
    return ArchiveFacts(format=single.format, members=members, properties=(count,) if streams.count > 1 else ())


def _broken(area: str, streams: Streams) -> Iterator[Notice]:
    """Say of a content that it is not what was once packed."""
    if streams.damage:
        which = f" in stream {streams.count} of it" if streams.count > 1 else ""
        what = "is cut off" if streams.damage == CUT_OFF else "is damaged"
        text = f"what it was packed in {what}{which}: this is what came before"
        yield Notice(code=f"{area}.damaged", text=text)
    if streams.wrong:
        text = f"{streams.wrong} of {streams.count} streams do not decode to the size and checksum that they state"
        yield Notice(code=f"{area}.crc", text=text)


def _behind(source: ByteSource, streams: Streams, single: Single) -> Iterator[Yielded]:
    """Account for what stands behind the streams."""
    area = single.area
    start, size = streams.consumed, source.size - streams.consumed
    if streams.count > KEPT:
        text = f"{streams.count} streams: what the first {KEPT} say of themselves is kept"
        yield Notice(code=f"{area}.streams_limit", text=text)
    place = Locator(ranges=((start, source.size),))
    if streams.damage:
        following = _next_stream(source, streams, single) if streams.damage == DAMAGED else source.size
        unread = max(0, following - start)
        text = f"its stream {'ends before its end' if streams.damage == CUT_OFF else 'is damaged'} at {start}"
        text = f"{text}: {unread} bytes are not decoded"
        place = Locator(ranges=((min(start, following), following),))
        yield Notice(code=f"{area}.damaged", text=text, locator=place, unread=unread)
        if following < source.size:
            rest = beside.Piece(following, source.size, "", True)
            yield beside.child(source, rest, f"{area} behind the damage, at {following}")
    elif size and streams.count >= MOST:
        text = f"more than {MOST} streams: the rest is not decoded"
        yield Notice(code=f"{area}.streams_limit", text=text, locator=place, unread=size)
    elif size:
        found = beside.piece(source, start, source.size)
        filler = size if found is None else found.start - start
        if filler:
            yield Padding(size=filler, what="filler")
        if found is not None:
            yield beside.notice(found, f"{area}.trailing", "after the last stream")
            if found.item:
                yield beside.child(source, found, f"after the last stream, at {found.start}")


def _next_stream(source: ByteSource, streams: Streams, single: Single) -> int:
    """Return where the next stream begins behind a damaged one, or the end: what decodes for a while is one."""
    if not single.magic:
        return source.size
    window, trials = Window(source, BLOCK), 0
    at = streams.consumed - streams.doubtful
    at += not streams.found or streams.found[-1].start == at
    while (at := window.find(single.magic, at, source.size)) >= 0 and trials < TRIALS:
        made, trials = single.streams(), trials + 1
        size = sum([len(block) for block in made.decode([source.read(at, at + TRIAL_BYTES)])])
        if size and made.damage != DAMAGED:
            return at
        at += 1
    return source.size


def _outer_name(where: Location, suffixes: Mapping[bytes, bytes]) -> bytes:
    """Return the name of the file without what says how it is packed; empty where it has none, or another."""
    step = where.steps[-1] if where.steps else None
    if step is None or step.kind not in NAMED:
        return b""
    name = unquote(step.name).rpartition(b"/")[2]
    for suffix, instead in suffixes.items():
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)] + instead
    return b""
