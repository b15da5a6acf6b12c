"""The first page: six questions answered in plain words, from counts alone."""

import msgspec

from forensics.knowledge.wording import Wording
from forensics.model.case import SourceRecord
from forensics.model.findings import Ranked
from forensics.model.summary import CaseSummary
from forensics.reader.reached import how_far
from forensics.report.blocks import DIGEST_SHOWN, LEVELS, TEXT_MAX, Builder
from forensics.report.conclusions import reasons

SHOWN = 4
"""Ranked lines on the first page."""
_STRENGTHS = ("strong", "moderate", "weak")


class FirstLine(msgspec.Struct, frozen=True):
    """One ranked line in short."""

    rank: int
    anchor: str
    title: str
    reason: str
    strength: str
    level: int
    rate: str
    remains: tuple[str, ...]
    ask: str


class Command(msgspec.Struct, frozen=True):
    """A command with what it does."""

    command: str
    does: str
    expected: str = ""


class Answer(msgspec.Struct, frozen=True):
    """All that the first page says."""

    unfinished: str
    """How far reading and judging got, where they did not get to their end."""
    paragraph: tuple[str, ...]
    of_archive: tuple[str, ...]
    """What the archive as a whole shows, which accuses no item."""
    received: tuple[tuple[str, str], ...]
    lines: tuple[FirstLine, ...]
    none: str
    """Said in place of the lines where there is none."""
    more: str
    recheck: tuple[Command, ...]
    untested: tuple[str, ...]


def answer(summary: CaseSummary, say: Wording, build: Builder) -> Answer:
    """Return the first page of a case."""
    shown = summary.ranking[:SHOWN]
    rest = len(summary.ranking) - len(shown)
    state = how_far(summary.extent.reached, say.language)
    return Answer(
        unfinished=say.text("report.reached.partial", said=state) if state else "",
        paragraph=(
            _holds(summary, say),
            _authenticated(summary, say),
            _misfits(summary, say),
            _unexamined(summary, say),
        ),
        of_archive=tuple(sorted({row.statement for row in summary.set_aside if row.statement})),
        received=_received(summary, say),
        lines=tuple([first_line(ranked, say, build) for ranked in shown]),
        none="" if shown else _silence(summary, say),
        more=say.counted("report.answer.more", rest) if rest else "",
        recheck=_recheck(summary, say, shown),
        untested=_untested(summary, say),
    )


def first_line(ranked: Ranked, say: Wording, build: Builder) -> FirstLine:
    """Return one ranked line in short: what, why, how sure, what remains, whom to ask."""
    found = build.findings(ranked)
    decides = found[0] if found else None
    causes = say.open_causes(decides.finding.benign) if decides else []
    return FirstLine(
        rank=ranked.rank,
        anchor=f"rank-{ranked.rank}",
        title=build.title(ranked),
        reason=(ranked.reasons[0] if ranked.reasons else say.finding(decides).statement if decides else "")[:TEXT_MAX],
        strength=say.text(f"report.strength.{ranked.strength}"),
        level=LEVELS.get(ranked.strength, 0),
        rate="; ".join(build.rate(decides, ranked.cluster is not None)) if decides else say.text("report.rate.unknown"),
        remains=tuple(causes),
        ask=say.finding(decides).settle[:TEXT_MAX] if decides else "",
    )


def _silence(summary: CaseSummary, say: Wording) -> str:
    """Say what an empty ranking is worth."""
    if not summary.extent.reached.judged:
        return say.text("report.reached.not_judged")
    if summary.set_aside:
        return say.text("report.answer.aside_none_left")
    return say.text("report.answer.nothing_remains" if summary.extent.judged else "report.answer.nothing_tested")


def _holds(summary: CaseSummary, say: Wording) -> str:
    counts = summary.counts
    parts = [
        say.counted("report.kind.mail", counts.messages),
        say.counted("report.kind.document", counts.documents),
        say.counted("report.kind.archive", counts.archives),
    ]
    held = [part for part, n in zip(parts, (counts.messages, counts.documents, counts.archives), strict=True) if n]
    names = [source.label for source in summary.info.sources]
    what = say.joined(names[:3]) if len(names) <= 3 else say.counted("report.kind.source", len(names))
    what = what or say.text("report.answer.the_case")
    if not held:
        return say.counted("report.answer.holds_nothing", counts.files, what=what)
    dated = sorted(row.month for row in summary.months if row.messages + row.documents)
    if not dated:
        return say.counted("report.answer.holds", max(len(names), 1), what=what, held=say.joined(held))
    span = {"first": dated[0], "last": dated[-1]}
    return say.counted("report.answer.holds_dated", max(len(names), 1), what=what, held=say.joined(held), **span)


def _authenticated(summary: CaseSummary, say: Wording) -> str:
    counts = summary.counts
    if not counts.messages:
        return say.text("report.answer.no_mail")
    if not counts.signed_messages:
        return say.text("report.answer.unsigned")
    return say.counted("report.answer.signed", counts.signed_messages, messages=counts.messages)


def _misfits(summary: CaseSummary, say: Wording) -> str:
    ranking = summary.ranking
    if not ranking and not summary.extent.reached.judged:
        return say.text("report.reached.not_judged")
    of = {"judged": summary.extent.judged, "items": summary.extent.items}
    if not ranking:
        if summary.set_aside:
            return say.counted("report.answer.aside", sum(row.count for row in summary.set_aside), **of)
        return say.text("report.answer.fits" if summary.extent.judged else "report.answer.nothing_tested", **of)
    items = sum(len(ranked.cluster.members) if ranked.cluster else 1 for ranked in ranking)
    graded = [
        say.text(f"report.answer.graded.{strength}", n=n)
        for strength in _STRENGTHS
        if (n := sum(ranked.strength == strength for ranked in ranking))
    ]
    many = say.counted("report.answer.misfits", len(ranking), graded=say.joined(graded))
    if items != len(ranking):
        many = say.counted("report.answer.misfits_items", len(ranking), items=items, graded=say.joined(graded))
    return " ".join([many, say.text("report.answer.judged", **of), say.text("report.answer.meaning")])


def _unexamined(summary: CaseSummary, say: Wording) -> str:
    """Say what was lost and what was left alone; that all was read only where it was."""
    extent = summary.extent
    if not extent.items:
        return say.text("report.scan.no_items" if extent.reached.settled else "report.scan.none_yet")
    if not extent.unread:
        return say.text("report.answer.all_read" if extent.reached.settled else "report.answer.all_read_so_far")
    said = []
    for count, key, lost in ((extent.lost, "unread", True), (extent.apart, "apart", False)):
        if count:
            size = say.size(sum(row.size for row in extent.unread if row.lost == lost))
            said.append(say.counted(f"report.answer.{key}", count, of=extent.items, size=size))
    return " ".join(said)


def _received(summary: CaseSummary, say: Wording) -> tuple[tuple[str, str], ...]:
    info, counts = summary.info, summary.counts
    rows = [
        (say.text("report.received.source"), f"{source.label}, {_source(source, say)}") for source in info.sources[:3]
    ]
    if len(info.sources) > 3:
        rows.append(("", say.counted("report.more", len(info.sources) - 3)))
    held = [
        say.counted("report.kind.item", counts.occurrences),
        say.counted("report.kind.content", counts.contents),
        say.counted("report.kind.mail", counts.messages),
        say.counted("report.kind.document", counts.documents),
        say.counted("report.kind.archive", counts.archives),
    ]
    rows.append((say.text("report.received.holds"), say.text("report.join.comma").join(held)))
    given = [(key, date) for key, date in (("captured", info.captured), ("released", info.released)) if date]
    dates = [say.text(f"report.received.{key}", date=date) for key, date in given]
    rows.append((say.text("report.received.dates"), "; ".join(dates) or say.text("report.received.no_dates")))
    return tuple(rows)


def _source(source: SourceRecord, say: Wording) -> str:
    if not source.sha256:
        return say.text("report.received.not_known")
    files = say.counted("report.kind.file", source.files)
    return say.text("report.received.size", files=files, size=say.size(source.size))


def _recheck(summary: CaseSummary, say: Wording, shown: tuple[Ranked, ...]) -> tuple[Command, ...]:
    sources = summary.info.sources
    made = []
    if sources:
        source = sources[0]
        if source.kind == "file" and source.sha256:
            made.append(Command("sha256sum SOURCE", say.text("report.recheck.source"), source.sha256))
        made.append(Command(verify_command(summary), say.text("report.recheck.verify")))
    for ranked in shown[:1]:
        ref = ranked.item or (ranked.cluster.members[0] if ranked.cluster else None)
        if ref is not None:
            made.append(Command(f"forensics show CASE {ref.sha256[:DIGEST_SHOWN]}", say.text("report.recheck.show")))
    if not made:
        made.append(Command(verify_command(summary), say.text("report.recheck.verify")))
    return tuple(made)


def verify_command(summary: CaseSummary) -> str:
    """Return the command that replays every citation and compares the custody log with the head shown here."""
    return f"forensics verify CASE --source SOURCE --head {summary.custody_head}"


def _untested(summary: CaseSummary, say: Wording) -> tuple[str, ...]:
    counts = summary.counts
    said = []
    if counts.signed_messages:
        said.append(say.counted("report.untested.signatures", counts.signed_messages))
    extent = summary.extent
    for count, key, lost in ((extent.lost, "unread", True), (extent.apart, "apart", False)):
        if count:
            said.append(say.counted(f"report.untested.{key}", count, reasons=reasons(extent, say, lost=lost, most=3)))
    idle = [row for row in summary.power if not row.powered]
    if idle:
        said.append(say.counted("report.untested.rules", len(idle), of=len(summary.power)))
    if summary.undated:
        said.append(say.counted("report.untested.undated", summary.undated))
    return (*said, say.text("report.untested.always"))
