"""A measurement for the terminal, and as the tables that the knowledge room ships."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.wording import NONE, Wording
from forensics.model.codec import encode
from forensics.model.measuring import CombinedCount, Count, FileMeasurement, Hit, Measurement, Meeting
from forensics.model.sentences import says
from forensics.report import phrases
from forensics.report.cells import graded, grid, plain

_MEASURED = says("report.measure.head", one="{corpus}: {items} items could be judged, {mails} of them mails")
HITS_LEFT = says(
    "report.measure.hits",
    one="1 hit that nothing in the item explains; look at it before you treat the folder as clean",
    many=(
        "{n} hits that nothing in the item explains; look at them, the rarest first, before you treat the folder as "
        "clean"
    ),
    none="no hit that nothing in the item explains",
)

_MEETINGS = says(
    "report.measure.meetings",
    one="1 mail on which moderate findings of several rules meet; look at it as well",
    many="{n} mails on which moderate findings of several rules meet; look at them as well",
)

SHOWN = 20


def table(measured: Measurement, language: str = "en") -> RenderableType:
    """Return the alarm budget, the counts of each bin, the rarest hits and, where measured, the times."""
    say = Wording(language)
    number = say.number
    head = say.say(_MEASURED, corpus=measured.corpus, items=number(measured.items), mails=number(measured.mails))
    parts: list[RenderableType] = [plain(head, "bold"), Text(), _alarms(measured, say), Text()]
    if measured.noise:
        parts += [_noise(measured, say), Text()]
    parts += [_counts(measured.counts, say), Text(), *_hits(measured.hits, say)]
    if measured.meetings:
        parts += [Text(), *_meetings(measured.meetings, say)]
    if measured.times:
        parts += [Text(), _times(measured, say)]
    return Group(*parts)


def _alarms(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("strength", "false_items", "of", "per_thousand", "budget"), right=("false_items", "of"))
    for one in measured.alarms:
        budget = say.say(NONE) if one.budget is None else say.decimal(one.budget)
        cells = (say.number(one.items), say.number(one.n), say.decimal(one.per_thousand, 2), budget)
        table.add_row(graded(one.strength, say), *[plain(cell) for cell in cells])
    return table


def _noise(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("rule_bin", "strength", "false_items"), right=("false_items",), wide="rule_bin")
    for one in measured.noise[:SHOWN]:
        named = plain(f"{one.rule} {one.bin}")
        table.add_row(named, graded(one.strength, say), plain(say.number(one.items)))
    return table


def _counts(counts: Sequence[Count], say: Wording) -> RenderableType:
    table = grid(say, ("rule_bin", "era", "hits", "of"), right=("hits", "of"), wide="rule_bin")
    for (rule, era, route), bins in groupby(sorted(counts, key=_group), key=_group):
        of_rule = list(bins)
        shown = [one for one in of_rule if one.hits]
        # A rule that never fired is one line, however many bins it has; the file of rates has them all.
        named = [(f"{rule} {one.bin}", one.hits) for one in shown] or [(rule, 0)]
        for name, hits in named:
            cells = (name, f"{era} {route}", say.number(hits), say.number(of_rule[0].n))
            table.add_row(*[plain(cell) for cell in cells])
    return table


def _group(one: Count) -> tuple[str, str, str]:
    return one.rule, one.era, one.route


def _hits(hits: Sequence[Hit], say: Wording) -> Iterable[RenderableType]:
    yield plain(say.say(HITS_LEFT, len(hits)), "bold")
    for one in hits[:SHOWN]:
        yield plain(f"{one.rule} {one.bin}: {one.location.text}")
        yield plain(f"  {one.statement}", "dim")
    if len(hits) > SHOWN:
        yield plain(say.say(phrases.MORE, len(hits) - SHOWN), "dim")


def _meetings(meetings: Sequence[Meeting], say: Wording) -> Iterable[RenderableType]:
    yield plain(say.say(_MEETINGS, len(meetings)), "bold")
    for one in meetings[:SHOWN]:
        yield plain(f"{one.mail}: {one.met}")
    if len(meetings) > SHOWN:
        yield plain(say.say(phrases.MORE, len(meetings) - SHOWN), "dim")


def _times(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("rule", "calls", "us_per_mail"), right=("calls", "us_per_mail"), wide="rule")
    for one in measured.times:
        table.add_row(plain(one.name), plain(say.number(one.calls)), plain(say.decimal(one.us_per_mail, 2)))
    return table


def rates_csv(counts: Sequence[Count]) -> str:
    """Return the counts as rows of ``rates.csv``."""
    return as_csv(
        Count.__struct_fields__,
        [tuple([getattr(one, column) for column in Count.__struct_fields__]) for one in counts],
    )


def scores_csv(measured: Measurement) -> str:
    """Return the distribution of scores as rows of ``clean_scores.csv``."""
    rows = [(measured.corpus, score, mails) for score, mails in measured.scores.items()]
    return as_csv(("corpus", "score", "mails"), rows)


def combined_csv(measured: Measurement | FileMeasurement) -> str:
    """Return on how many mails findings could meet, as rows of ``combined.csv``."""
    return as_csv(CombinedCount.__struct_fields__, [msgspec.structs.astuple(one) for one in measured.combined])


def meetings_csv(measured: Measurement | FileMeasurement) -> str:
    """Return the mails on which moderate findings of several rules met, as rows of ``combined_met.csv``."""
    return as_csv(Meeting.__struct_fields__, [msgspec.structs.astuple(one) for one in measured.meetings])


def hits_jsonl(hits: Iterable[Hit]) -> bytes:
    """Return the hits for review, a JSON object a line."""
    return b"".join([encode(one) + b"\n" for one in hits])


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as text, with a line of headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
