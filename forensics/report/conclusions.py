"""Plain last lines of commands: what a scan did, what a verification found."""

from collections.abc import Iterator, Mapping

from forensics.model.verification import VerifyResult
from forensics.report.visible import visible
from forensics.report.wording import Wording

_WHOLE = ("parsed", "skipped")


def scan_summary(
    items: int,
    by_status: Mapping[str, int],
    unread_reasons: Mapping[str, int],
    ranked: int,
    head: str,
    language: str = "en",
) -> Iterator[str]:
    """Yield what a scan did; the last line counts what could not be read.

    Args:
        items: occurrences of the case.
        by_status: how far they were read.
        unread_reasons: notice code to count, for items that were not wholly read.
        ranked: lines of the ranking, weak and above.
        head: custody head to write down.
        language: a language of the sentence catalogue.
    """
    say = Wording(language)
    states = [
        say.text("report.scan.state", n=count, status=say.text(f"report.status.{status}"))
        for status, count in sorted(by_status.items())
    ]
    yield say.text("report.scan.items", n=items, states=say.text("report.join.comma").join(states))
    yield say.counted("report.scan.ranked", ranked)
    yield say.text("report.scan.head", head=head)
    missed = sum(count for status, count in by_status.items() if status not in _WHOLE)
    ordered = sorted(unread_reasons.items(), key=lambda entry: (-entry[1], entry[0]))
    reasons = [say.text("report.untested.reason", n=count, reason=visible(code)) for code, count in ordered]
    yield say.counted("report.scan.unread", missed, reasons=say.text("report.join.comma").join(reasons))


def verification(result: VerifyResult, language: str = "en") -> Iterator[str]:
    """Yield what was checked, every problem, and the conclusion."""
    say = Wording(language)
    yield say.text("report.verify.log", lines=result.lines, head=result.head)
    if result.torn_lines:
        yield say.counted("report.verify.torn", result.torn_lines)
    if not result.head_given:
        yield say.text("report.verify.no_head")
    elif result.head_line is not None:
        yield say.text("report.verify.head", line=result.head_line, lines=result.lines)
    yield say.text("report.verify.files", files=result.files)
    yield say.text("report.verify.sources", sources=result.sources, files=result.source_files)
    yield say.text("report.verify.ranges", findings=result.findings, replayed=result.ranges_replayed)
    if result.ranges_without_bytes:
        yield say.counted("report.verify.without_bytes", result.ranges_without_bytes)
    if result.ranges_not_replayed:
        yield say.counted("report.verify.not_replayed", result.ranges_not_replayed)
    for problem in result.problems:
        where = visible(problem.where)
        yield say.text("report.verify.problem", code=problem.code, where=where, text=visible(problem.text))
    yield say.counted("report.verify.result", len(result.problems))
