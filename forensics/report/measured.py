"""A measurement for the terminal, and as the tables that the knowledge room ships."""

import csv
import io
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.model.codec import encode
from forensics.model.measuring import Count, Hit, Measurement
from forensics.report.cells import graded, grid, plain
from forensics.report.wording import Wording

SHOWN = 20


def table(measured: Measurement, language: str = "en") -> RenderableType:
    """Return the alarm budget, the counts of each bin, the rarest hits and, where measured, the times."""
    say = Wording(language)
    number = say.number
    head = say.text(
        "report.measure.head", corpus=measured.corpus, items=number(measured.items), mails=number(measured.mails)
    )
    parts: list[RenderableType] = [plain(head, "bold"), Text(), _alarms(measured, say), Text()]
    if measured.noise:
        parts += [_noise(measured, say), Text()]
    parts += [_counts(measured.counts, say), Text(), *_hits(measured.hits, say)]
    if measured.times:
        parts += [Text(), _times(measured, say)]
    return Group(*parts)


def _alarms(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("strength", "false_items", "of", "per_thousand", "budget"), right=("false_items", "of"))
    for one in measured.alarms:
        budget = say.text("report.none_given") if one.budget is None else say.decimal(one.budget)
        cells = (say.number(one.items), say.number(one.n), say.decimal(one.per_thousand, 2), budget)
        table.add_row(graded(one.strength, say), *[plain(cell) for cell in cells])
    return table


def _noise(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("rule", "bin", "strength", "false_items"), right=("false_items",), wide="rule")
    for one in measured.noise[:SHOWN]:
        table.add_row(plain(one.rule), plain(one.bin), graded(one.strength, say), plain(say.number(one.items)))
    return table


def _counts(counts: Sequence[Count], say: Wording) -> RenderableType:
    table = grid(say, ("rule", "bin", "era", "hits", "of"), right=("hits", "of"), wide="rule")
    for one in counts:
        group = f"{one.era} {one.route}"
        cells = (one.rule, one.bin, group, say.number(one.hits), say.number(one.n))
        table.add_row(*[plain(cell) for cell in cells])
    return table


def _hits(hits: Sequence[Hit], say: Wording) -> Iterable[RenderableType]:
    yield plain(say.counted("report.measure.hits", len(hits)), "bold")
    for one in hits[:SHOWN]:
        yield plain(f"{one.rule} {one.bin}: {one.location.text}")
        yield plain(f"  {one.statement}", "dim")
    if len(hits) > SHOWN:
        yield plain(say.counted("report.more", len(hits) - SHOWN), "dim")


def _times(measured: Measurement, say: Wording) -> RenderableType:
    table = grid(say, ("rule", "calls", "us_per_mail"), right=("calls", "us_per_mail"), wide="rule")
    for one in measured.times:
        table.add_row(plain(one.name), plain(say.number(one.calls)), plain(say.decimal(one.us_per_mail, 2)))
    return table


def rates_csv(counts: Sequence[Count]) -> str:
    """Return the counts as rows of ``rates.csv``."""
    return _csv(
        Count.__struct_fields__,
        [tuple([getattr(one, column) for column in Count.__struct_fields__]) for one in counts],
    )


def scores_csv(measured: Measurement) -> str:
    """Return the distribution of scores as rows of ``clean_scores.csv``."""
    rows = [(measured.corpus, score, mails) for score, mails in measured.scores.items()]
    return _csv(("corpus", "score", "mails"), rows)


def hits_jsonl(hits: Iterable[Hit]) -> bytes:
    """Return the hits for review, a JSON object a line."""
    return b"".join([encode(one) + b"\n" for one in hits])


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
