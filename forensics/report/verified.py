"""What a verification says: what was checked, every problem, and a conclusion that claims no more than that."""

from collections.abc import Iterator

from forensics.knowledge.wording import Wording
from forensics.model.verification import LaterLine, VerifyResult
from forensics.reader.reached import how_far
from forensics.report.visible import visible

_NOT_FOUND = "source.missing"
_LATER = "custody.later"


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
    for line in result.later:
        yield say.text("report.verify.later", line=line.number, what=_done(line, say))
    yield say.counted("report.verify.files", result.files)
    if result.tmp_files:
        yield say.counted("report.verify.tmp", result.tmp_files)
    if result.unreadable:
        yield say.text("report.verify.unreadable", why=visible(result.unreadable))
    if result.source_files or not result.unreadable:
        yield say.text("report.verify.sources", sources=result.sources, files=result.source_files)
    if not result.reached.settled and (far := how_far(result.reached, language)):
        yield far
    if result.not_reached:
        yield say.counted("report.verify.not_reached", result.not_reached)
    if result.findings or not result.unreadable:
        yield say.counted("report.verify.ranges", result.findings, replayed=result.ranges_replayed)
    if result.ranges_without_bytes:
        yield say.counted("report.verify.without_bytes", result.ranges_without_bytes)
    if result.ranges_not_replayed:
        yield say.counted("report.verify.not_replayed", result.ranges_not_replayed)
    for problem in result.problems:
        where = visible(problem.where)
        yield say.text("report.verify.problem", code=problem.code, where=where, text=visible(problem.text))
    yield _conclusion(result, say)


def _done(line: LaterLine, say: Wording) -> str:
    """Say what a line after the head did."""
    if not line.action:
        return say.text("report.verify.later.unreadable")
    said = [visible(f"{line.time} {line.action}")]
    for what, paths in (("added", line.added), ("replaced", line.replaced), ("removed", line.removed)):
        if paths:
            files = say.text("report.join.comma").join([visible(path) for path in paths])
            said.append(say.text(f"report.verify.later.{what}", files=files))
    return say.text("report.join.semicolon").join(said)


def _conclusion(result: VerifyResult, say: Wording) -> str:
    """Return the last sentence, by what was compared and what was not."""
    codes = {problem.code for problem in result.problems}
    if codes - {_NOT_FOUND, _LATER}:
        return say.counted("report.verify.result", len(result.problems))
    if _LATER in codes:
        return _changed_later(result, say)
    gaps = _gaps(result, say)
    if result.later:
        short = [
            say.text("report.verify.later.short", line=one.number, action=visible(one.action)) for one in result.later
        ]
        held = say.text("report.verify.holds.to_head", later=say.text("report.join.comma").join(short))
    else:
        held = say.text("report.verify.holds.checked" if gaps else "report.verify.holds.all")
    return " ".join([held, *gaps])


def _changed_later(result: VerifyResult, say: Wording) -> str:
    changed = say.text("report.join.comma").join([visible(one) for one in result.changed_later])
    scans = [line.number for line in result.later if line.action == "scan_started"]
    if scans:
        return say.text("report.verify.changed.scan", head=result.head_line, line=scans[0], changed=changed)
    return say.text("report.verify.changed", head=result.head_line, changed=changed)


def _gaps(result: VerifyResult, say: Wording) -> list[str]:
    """Return what was not or could not be compared, a sentence each."""
    missing = sum(problem.code == _NOT_FOUND for problem in result.problems)
    gaps = [say.counted("report.verify.gap.missing", missing)] if missing else []
    if result.unreadable:
        gaps.append(say.text("report.verify.gap.unreadable"))
    if not result.head_given:
        gaps.append(say.text("report.verify.gap.head"))
    if not result.reached.scans:
        gaps.append(say.text("report.verify.gap.unscanned"))
    elif not result.reached.finished:
        gaps.append(say.text("report.verify.gap.unfinished"))
    elif not result.reached.judged:
        gaps.append(say.text("report.verify.gap.unjudged"))
    if not result.source_files and not missing:
        gaps.append(say.text("report.verify.gap.no_files"))
    if result.source_files_undigested:
        gaps.append(say.counted("report.verify.gap.undigested", result.source_files_undigested))
    return gaps
