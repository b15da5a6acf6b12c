"""What a verification says: what was checked, every problem, and a conclusion that claims no more than that."""

from collections.abc import Iterator

from forensics.knowledge.wording import Wording
from forensics.model.sentences import says
from forensics.model.verification import LaterLine, VerifyResult
from forensics.reader.reached import how_far
from forensics.report.visible import visible

_CHANGES = {
    "added": says("report.verify.later.added", one="adds {files}"),
    "replaced": says("report.verify.later.replaced", one="replaces {files}"),
    "removed": says("report.verify.later.removed", one="removes {files}"),
}
_CUSTODY_LOG = says("report.verify.log", one="Custody log: {lines} lines, head {head}")
_TORN = says(
    "report.verify.torn",
    one="1 line was cut short by a crash, as the log notes.",
    many="{n} lines were cut short by a crash, as the log notes.",
)
_NO_HEAD = says(
    "report.verify.no_head",
    one="No head was given: a log that was rebuilt as a whole cannot be distinguished from the original.",
)
_VERIFY_HEAD = says("report.verify.head", one="The head given is that of line {line} of {lines}.")
_LATER_LINE = says("report.verify.later", one="Line {line}, after the head: {what}")
_LATER_UNREADABLE = says("report.verify.later.unreadable", one="cannot be read")
_LATER_SHORT = says("report.verify.later.short", one="line {line} {action}")
_FILES_AS_LOGGED = says(
    "report.verify.files",
    one="1 file of the case is as logged.",
    many="{n} files of the case are as logged.",
    none="No file of the case is as logged.",
)
_TMP = says(
    "report.verify.tmp",
    one="1 file is in tmp/. The log does not vouch for it, and it is not part of the case.",
    many="{n} files are in tmp/. The log does not vouch for them, and they are not part of the case.",
)
_NOT_REACHED = says(
    "report.verify.not_reached",
    one="The unfinished scan did not reach 1 file of the sources.",
    many="The unfinished scan did not reach {n} files of the sources.",
)
_SOURCES_AS_SCANNED = says("report.verify.sources", one="{files} files in {sources} sources are as scanned.")
_VERIFY_UNREADABLE = says(
    "report.verify.unreadable",
    one="What this version cannot read was not compared with the sources: {why}.",
)
_UNCHECKED = says("report.verify.unchecked", one="The rest could not be checked: {why}.")
_RANGES = says(
    "report.verify.ranges",
    one="1 finding: {replayed} quoted byte ranges were read again from the source and are equal.",
    many="{n} findings: {replayed} quoted byte ranges were read again from the source and are equal.",
    none="No findings: nothing was quoted that could be read again.",
)
_WITHOUT_BYTES = says(
    "report.verify.without_bytes",
    one="1 citation names a place but no bytes.",
    many="{n} citations name a place but no bytes.",
)
_NOT_REPLAYED = says(
    "report.verify.not_replayed",
    one="1 quoted range was not read again, because its source is missing or changed.",
    many="{n} quoted ranges were not read again, because their sources are missing or changed.",
)
_CLOSED = says(
    "report.verify.closed",
    one="1 quoted range was not checked: it stands in something encrypted, which no given password opened.",
    many="{n} quoted ranges were not checked: they stand in something encrypted, which no given password opened.",
)
_PROBLEM = says("report.verify.problem", one="PROBLEM {code} at {where}: {text}")
_ALL_HOLDS = says("report.verify.holds.all", one="Everything holds.")
_CHECKED_HOLDS = says("report.verify.holds.checked", one="What was checked holds.")
_HOLDS_TO_HEAD = says("report.verify.holds.to_head", one="Holds up to the head; later: {later}.")
_MISSING = says(
    "report.verify.gap.missing",
    one="1 source was not found: nothing can be said about it or about what is quoted from it.",
    many="{n} sources were not found: nothing can be said about them or about what is quoted from them.",
)
_GAP_UNREADABLE = says("report.verify.gap.unreadable", one="This version cannot read all of the case.")
_GAP_UNCHECKED = says("report.verify.gap.unchecked", one="Not all of the case could be checked.")
_GAP_CLOSED = says(
    "report.verify.gap.closed", one="Not all that is encrypted was checked: its passwords are needed (--passwords)."
)
_GAP_HEAD = says("report.verify.gap.head", one="No head was given to compare the log with.")
_UNSCANNED = says("report.verify.gap.unscanned", one="No scan was started.")
_UNFINISHED = says("report.verify.gap.unfinished", one="The last scan did not finish.")
_UNJUDGED = says("report.verify.gap.unjudged", one="The rules have not judged what was read last.")
_NO_FILES = says("report.verify.gap.no_files", one="No file of a source was compared.")
_UNDIGESTED = says(
    "report.verify.gap.undigested",
    one="1 entry of the sources has no digest in the case (a link, or unreadable during the scan).",
    many="{n} entries of the sources have no digest in the case (links, or unreadable during the scan).",
)
_CHANGED_LATER = says(
    "report.verify.changed",
    one="The log holds up to the head, line {head}. Later lines changed what was there: {changed}.",
)
_CHANGED_BY_SCAN = says(
    "report.verify.changed.scan",
    one="The log holds up to the head, line {head}. A later scan (from line {line}) changed what was there: {changed}.",
)
_PROBLEMS = says(
    "report.verify.result",
    one="1 problem: the case does not hold as it stands.",
    many="{n} problems: the case does not hold as it stands.",
)

_NOT_FOUND = "source.missing"
_LATER = "custody.later"


def verification(result: VerifyResult, language: str = "en") -> Iterator[str]:
    """Yield what was checked, every problem, and the conclusion."""
    say = Wording(language)
    yield say.say(_CUSTODY_LOG, lines=result.lines, head=result.head)
    if result.torn_lines:
        yield say.say(_TORN, result.torn_lines)
    if not result.head_given:
        yield say.say(_NO_HEAD)
    elif result.head_line is not None:
        yield say.say(_VERIFY_HEAD, line=result.head_line, lines=result.lines)
    for line in result.later:
        yield say.say(_LATER_LINE, line=line.number, what=_done(line, say))
    yield say.say(_FILES_AS_LOGGED, result.files)
    if result.tmp_files:
        yield say.say(_TMP, result.tmp_files)
    if result.unreadable:
        yield say.say(_VERIFY_UNREADABLE, why=visible(result.unreadable))
    partly = bool(result.unreadable or result.unchecked)
    if result.source_files or not partly:
        yield say.say(_SOURCES_AS_SCANNED, sources=result.sources, files=result.source_files)
    if not result.reached.settled and (far := how_far(result.reached, language)):
        yield far
    if result.not_reached:
        yield say.say(_NOT_REACHED, result.not_reached)
    if result.findings or not partly:
        yield say.say(_RANGES, result.findings, replayed=result.ranges_replayed)
    if result.ranges_without_bytes:
        yield say.say(_WITHOUT_BYTES, result.ranges_without_bytes)
    if result.ranges_not_replayed:
        yield say.say(_NOT_REPLAYED, result.ranges_not_replayed)
    if result.ranges_closed:
        yield say.say(_CLOSED, result.ranges_closed)
    if result.unchecked:
        yield say.say(_UNCHECKED, why=visible(result.unchecked))
    for problem in result.problems:
        where = visible(problem.where)
        yield say.say(_PROBLEM, code=problem.code, where=where, text=visible(problem.text))
    yield _conclusion(result, say)


def _done(line: LaterLine, say: Wording) -> str:
    """Say what a line after the head did."""
    if not line.action:
        return say.say(_LATER_UNREADABLE)
    said = [visible(f"{line.time} {line.action}")]
    for what, paths in (("added", line.added), ("replaced", line.replaced), ("removed", line.removed)):
        if paths:
            files = say.listed([visible(path) for path in paths])
            said.append(say.say(_CHANGES[what], files=files))
    return say.clauses(said)


def _conclusion(result: VerifyResult, say: Wording) -> str:
    """Return the last sentence, by what was compared and what was not."""
    codes = {problem.code for problem in result.problems}
    if codes - {_NOT_FOUND, _LATER}:
        return say.say(_PROBLEMS, len(result.problems))
    if _LATER in codes:
        return _changed_later(result, say)
    gaps = _gaps(result, say)
    if result.later:
        short = [say.say(_LATER_SHORT, line=one.number, action=visible(one.action)) for one in result.later]
        held = say.say(_HOLDS_TO_HEAD, later=say.listed(short))
    else:
        held = say.say(_CHECKED_HOLDS if gaps else _ALL_HOLDS)
    return " ".join([held, *gaps])


def _changed_later(result: VerifyResult, say: Wording) -> str:
    head = result.head_line or 0  # never 0: without the head's line no line is known to be later
    changed = say.listed([visible(one) for one in result.changed_later])
    scans = [line.number for line in result.later if line.action == "scan_started"]
    if scans:
        return say.say(_CHANGED_BY_SCAN, head=head, line=scans[0], changed=changed)
    return say.say(_CHANGED_LATER, head=head, changed=changed)


def _gaps(result: VerifyResult, say: Wording) -> list[str]:
    """Return what was not or could not be compared, a sentence each."""
    missing = sum(problem.code == _NOT_FOUND for problem in result.problems)
    gaps = [say.say(_MISSING, missing)] if missing else []
    if result.unreadable:
        gaps.append(say.say(_GAP_UNREADABLE))
    if result.unchecked:
        gaps.append(say.say(_GAP_UNCHECKED))
    if result.ranges_closed:
        gaps.append(say.say(_GAP_CLOSED))
    if not result.head_given:
        gaps.append(say.say(_GAP_HEAD))
    if not result.reached.scans:
        gaps.append(say.say(_UNSCANNED))
    elif not result.reached.finished:
        gaps.append(say.say(_UNFINISHED))
    elif not result.reached.judged:
        gaps.append(say.say(_UNJUDGED))
    if not result.source_files and not missing:
        gaps.append(say.say(_NO_FILES))
    if result.source_files_undigested:
        gaps.append(say.say(_UNDIGESTED, result.source_files_undigested))
    return gaps
