"""The first page: six questions answered in plain words, from counts alone."""

import msgspec

from forensics.model.findings import Ranked
from forensics.model.summary import CaseSummary
from forensics.report.blocks import DIGEST_SHOWN, LEVELS, TEXT_MAX, Builder
from forensics.report.wording import Wording

SHOWN = 4
"""Ranked lines on the first page."""
CAUSES_SHOWN = 2
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

    paragraph: tuple[str, ...]
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
    return Answer(
        paragraph=(
            _holds(summary, say),
            _authenticated(summary, say),
            _misfits(summary, say),
            _unexamined(summary, say),
        ),
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
        reason=(ranked.reasons[0] if ranked.reasons else say.statement(decides) if decides else "")[:TEXT_MAX],
        strength=say.text(f"report.strength.{ranked.strength}"),
        level=LEVELS.get(ranked.strength, 0),
        rate=build.rate(decides, ranked.cluster is not None)[0] if decides else say.text("report.rate.unknown"),
        remains=tuple(causes),
        ask=say.sentence_or_text(decides.finding.settle)[:TEXT_MAX] if decides else "",
    )


def _silence(summary: CaseSummary, say: Wording) -> str:
    """Say what an empty ranking is worth."""
    if summary.set_aside:
        return say.text("report.answer.aside_none_left")
    return say.text("report.answer.nothing_remains" if _tested(summary) else "report.answer.nothing_tested")


def _tested(summary: CaseSummary) -> bool:
    return any(row.powered for row in summary.power)


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
    if not ranking:
        if summary.set_aside:
            return say.counted("report.answer.aside", sum(row.count for row in summary.set_aside))
        return say.text("report.answer.fits" if _tested(summary) else "report.answer.nothing_tested")
    items = sum(len(ranked.cluster.members) if ranked.cluster else 1 for ranked in ranking)
    graded = [
        say.text(f"report.answer.graded.{strength}", n=n)
        for strength in _STRENGTHS
        if (n := sum(ranked.strength == strength for ranked in ranking))
    ]
    many = say.counted("report.answer.misfits", len(ranking), graded=say.joined(graded))
    if items != len(ranking):
        many = say.counted("report.answer.misfits_items", len(ranking), items=items, graded=say.joined(graded))
    return f"{many} {say.text('report.answer.meaning')}"


def _unexamined(summary: CaseSummary, say: Wording) -> str:
    missed = sum(row.count for row in summary.unread)
    if not missed:
        return say.text("report.answer.all_read")
    size = say.size(sum(row.size for row in summary.unread))
    return say.counted("report.answer.unread", missed, of=summary.counts.occurrences, size=size)


def _received(summary: CaseSummary, say: Wording) -> tuple[tuple[str, str], ...]:
    info, counts = summary.info, summary.counts
    rows = [
        (say.text("report.received.source"), f"{source.label}, {_source(source.files, source.size, say)}")
        for source in info.sources[:3]
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


def _source(files: int, size: int, say: Wording) -> str:
    return say.text("report.received.size", files=say.counted("report.kind.file", files), size=say.size(size))


def _recheck(summary: CaseSummary, say: Wording, shown: tuple[Ranked, ...]) -> tuple[Command, ...]:
    sources = summary.info.sources
    made = []
    if sources:
        source = sources[0]
        if source.kind == "file":
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
    missed = sum(row.count for row in summary.unread)
    if missed:
        ordered = sorted(summary.unread, key=lambda row: (-row.count, row.status, row.reason))
        reasons = [say.text("report.untested.reason", n=row.count, reason=reason(row.reason, say)) for row in ordered]
        said.append(
            say.counted("report.untested.unread", missed, reasons=say.text("report.join.comma").join(reasons[:3]))
        )
    idle = [row for row in summary.power if not row.powered]
    if idle:
        said.append(say.counted("report.untested.rules", len(idle), of=len(summary.power)))
    if summary.undated:
        said.append(say.counted("report.untested.undated", summary.undated))
    return (*said, say.text("report.untested.always"))


def reason(code: str, say: Wording) -> str:
    """Name a notice code: its sentence where the catalogue has one, else the code itself."""
    return say.text(f"report.notice.{code}") if say.has(f"report.notice.{code}") else code
