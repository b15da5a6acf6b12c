"""A count of files for the terminal, and as the tables that the knowledge room ships."""

from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.terms import STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.codec import encode
from forensics.model.measuring import BinStrength, FileHit, FileMeasurement, FormedPool
from forensics.model.sentences import says
from forensics.report import phrases
from forensics.report.cells import plain
from forensics.report.measured import HITS_LEFT, SHOWN, as_csv
from forensics.stages.grading.strength import rounded

_HEAD = says(
    "report.measure.files.head",
    one="{corpus}: files: {files}; owners: {owners}; files in which no rule had what it needs: {unread}",
)
_BINS = says(
    "report.measure.files.bins",
    one="Bins: what was counted here, and the strength by this count with the shipped ones of other corpora",
)
_COUNTED = says(
    "report.measure.files.counted",
    one="hits: {hits} of {n} files; their owners: {owners}; at most {bound} of 1,000 files",
)
_BY_POOL = says("report.measure.files.by_pool", one="{strength}, by the pool {name}")
_MISSING = says(
    "report.measure.files.missing",
    one="1 more file without a hit would make it the next strength",
    many="{n} more files without a hit would make it the next strength",
)
_POOL = says("report.measure.files.pool", one="counted together as {name}: {members}")
_LEFT = says("report.measure.files.left", one="too much worse to be counted with them, the worst first: {left}")
_MEET = says(
    "report.measure.files.meet",
    one="1 file in which moderate findings of several rules could meet",
    many="{n} files in which moderate findings of several rules could meet",
)


def table(measured: FileMeasurement, language: str = "en") -> RenderableType:
    """Return what the count makes of each bin, the pools, the rarest hits and what meets."""
    say = Wording(language)
    head = say.say(
        _HEAD,
        corpus=measured.corpus,
        files=say.number(measured.files),
        owners=say.number(measured.owners),
        unread=say.number(measured.unread),
    )
    parts: list[RenderableType] = [plain(head, "bold"), Text()]
    parts += [plain(say.say(_BINS)), *_bins(measured.bins, say), Text()]
    parts += [line for pool in measured.pools for line in _pool(pool, say)]
    parts += [plain(say.say(_MEET, row.mails), "bold") for row in measured.combined]
    for one in measured.meetings:
        parts.append(plain(f"{one.mail}: {one.met}; {one.apart}"))
    return Group(*parts, Text(), *_hits(measured.hits, say))


def _bins(bins: Sequence[BinStrength], say: Wording) -> Iterable[RenderableType]:
    """Yield two lines for each bin: names are too long for a column."""
    for one in bins:
        yield plain(f"{one.rule} {one.bin}", "bold")
        counted = say.say(
            _COUNTED,
            hits=say.number(one.hits),
            n=say.number(one.n),
            owners=say.number(one.owners),
            bound=say.decimal(1000 * one.bound, 2),
        )
        strength = say.say(STRENGTHS[one.strength])
        then = [counted, strength if not one.pool else say.say(_BY_POOL, strength=strength, name=one.pool)]
        if one.missing is not None:
            then.append(say.say(_MISSING, one.missing))
        yield plain(f"  {'; '.join(then)}")


def _pool(pool: FormedPool, say: Wording) -> Iterable[RenderableType]:
    yield plain(say.say(_POOL, name=pool.name, members=", ".join(pool.members)))
    if pool.left:
        yield plain(say.say(_LEFT, left=", ".join(pool.left)))
    yield Text()


def _hits(hits: Sequence[FileHit], say: Wording) -> Iterable[RenderableType]:
    yield plain(say.say(HITS_LEFT, len(hits)), "bold")
    for one in hits[:SHOWN]:
        yield plain(f"{one.rule} {one.bin}: {one.file}")
        yield plain(f"  {one.statement}", "dim")
    if len(hits) > SHOWN:
        yield plain(say.say(phrases.MORE, len(hits) - SHOWN), "dim")


def bins_csv(bins: Sequence[BinStrength]) -> str:
    """Return what the count makes of each bin, a row each."""
    rows = [msgspec.structs.astuple(msgspec.structs.replace(one, bound=rounded(one.bound))) for one in bins]
    return as_csv(BinStrength.__struct_fields__, rows)


def hits_jsonl(hits: Iterable[FileHit]) -> bytes:
    """Return the hits for review, a JSON object a line."""
    return b"".join([encode(one) + b"\n" for one in hits])
