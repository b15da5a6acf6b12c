"""The shape of a stage, and what it is handed: tables and the settings that it declares."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from typing import Protocol, cast

import msgspec

from forensics import checks
from forensics.errors import CheckError
from forensics.model.contents import ContentReader
from forensics.model.items import Limits, Notice
from forensics.model.keys import Key
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import Context, Rule
from forensics.stages import STAGES
from forensics.stages.observed import Observed, Rows, from_rows, joined, not_in_force, outline
from forensics.stages.outlines import Outlines, Spooling, Texts, held, spooled

STORED = "SELECT * FROM observations"
ORDER = """
SELECT n, rule, sha256 FROM (SELECT row_number() OVER () AS n, rule, sha256 FROM observations)
ORDER BY rule, sha256, n
"""
"""Numbers of the rows of `STORED` by rule and item: whole rows of a large case do not fit into memory to be sorted."""

Write = Callable[[str, msgspec.Struct], None]
"""Takes a table and its next row: a stage holds none of what it makes."""
LeftOut = Mapping[str, int]
"""How much a part of a stage left out, by what kind it is: the stage tells of the sums."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the result of a stage may rest on beside tables and code."""

    as_of: int = 0
    """Instant after which no date can be genuine, 100 ns since 1970 UTC."""
    leave_out: tuple[str, ...] = ()
    """Reference corpora whose rates and scores are not used."""
    keys: tuple[Key, ...] = ()
    """Keys of signatures; empty unless keys are given."""
    limits: Limits = Limits()
    """Count limits under which the items were read."""
    contents: ContentReader | None = None
    """Reads items again from their sources; ``None`` where no source is at hand."""

    def only(self, names: Sequence[str]) -> "Settings":
        """Return these settings, all others as by default: what a stage does not declare it does not see."""
        return Settings(**{name: getattr(self, name) for name in names})

    @property
    def context(self) -> Context:
        """What rules and explainers may know."""
        return Context(as_of=self.as_of, keys=self.keys, limits=self.limits, contents=self.contents)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ObservationRow)


class _Place(msgspec.Struct, frozen=True):
    n: int
    rule: str
    sha256: str


class Tables:
    """What a stage reads.

    Args:
        rows: queries of the case.
        spool: takes what is read more than once.

    Attributes:
        rows: the same.
        spool: likewise.
    """

    def __init__(self, rows: Rows, spool: Spooling = held) -> None:
        self.rows, self.spool = rows, spool
        self._outlined: tuple[Outlines, tuple[Notice, ...]] | None = None
        self._stored: Texts | None = None

    def observed(self) -> tuple[tuple[Observed, ...], tuple[Notice, ...]]:
        """Return the stored observations with their rules, as `from_rows` does."""
        return from_rows(self.stored(), _rules())

    def outlined(self) -> tuple[Outlines, tuple[Notice, ...]]:
        """Return their outlines, which are made once."""
        if self._outlined is None:
            strange: Counter[str] = Counter()
            outlines = self.spooled(map(outline, joined(self.stored(), _rules(), strange)))
            self._outlined = outlines, not_in_force(strange)
        return self._outlined

    def spooled(self, observed: Iterable[Observed]) -> Outlines:
        """Spool observations: those of a large case do not fit into memory."""
        return spooled(observed, self.spool)

    def stored(self) -> Iterator[ObservationRow]:
        """Yield the rows of all observations by rule, item, place and text."""
        if self._stored is None:
            self._stored = self.spool(map(_encoder.encode, self.rows(STORED, {}, ObservationRow)))
        for _, places in groupby(self.rows(ORDER, {}, _Place), key=lambda one: (one.rule, one.sha256)):
            same = [_decoder.decode(self._stored[one.n]) for one in places]
            yield from sorted(same, key=lambda row: (row.location, row.observation))

    def renewed(self, tables: Container[str]) -> None:
        """Forget what was decoded from tables that were written since."""
        if "observations" in tables:
            self._outlined = self._stored = None


def _rules() -> dict[str, Rule]:
    return {name: checks.load(name).RULE for name in checks.RULES}


class Stage(Protocol):
    """The shape of a stage's module."""

    __name__: str
    """Dotted name of the module."""
    NAME: str
    """The last part of it; also the unit of the files that it writes."""
    VERSION: int
    """Raised when its result can change although neither code nor input did: a library's new version."""
    READS: tuple[str, ...]
    WRITES: tuple[str, ...]
    TAKES: tuple[str, ...]
    """Fields of `Settings`."""
    ROWS_NEEDED: Mapping[str, int]
    """Rows of tables that it reads, below which it writes nothing: it is not run then."""

    def loads(self) -> tuple[str, ...]:
        """Return the dotted names of the modules that it imports by name when it runs."""

    def run(self, tables: Tables, settings: Settings, write: Write) -> None:
        """Write the rows of its tables, each table's in the order to keep."""


Parts = Callable[[Tables], Sequence[str]]
"""Names the parts of a stage, in the order in which their rows stand: by the tables alone."""
RunPart = Callable[[Tables, Settings, Write, str], LeftOut]
"""Writes the rows of a part."""
Tell = Callable[[LeftOut, Write], None]
"""Writes the notices on what all parts left out together."""


class Divided(Stage, Protocol):
    """The shape of a stage whose parts can run in several processes: its rows are those of its parts."""

    parts: Parts
    run_part: RunPart
    tell: Tell


def divided(stage: Stage) -> Divided | None:
    """Return a stage that has parts; ``None`` for one that runs as a whole."""
    return cast(Divided, stage) if hasattr(stage, "parts") else None


def run_parts(parts: Parts, run_part: RunPart, tell: Tell, tables: Tables, settings: Settings, write: Write) -> None:
    """Run all parts of a stage, one after the other."""
    left_out: Counter[str] = Counter()
    for part in parts(tables):
        left_out.update(run_part(tables, settings, write, part))
    tell(left_out, write)


def load(name: str) -> Stage:
    """Import one stage.

    Raises:
        CheckError: there is no such stage, or it has another name than its module.
    """
    if name not in STAGES:
        raise CheckError(f"no stage {name!r}")
    stage = cast(Stage, import_module(f"forensics.stages.{name}"))
    if name != stage.NAME:
        raise CheckError(f"stage {name!r} calls itself {stage.NAME!r}")
    return stage
