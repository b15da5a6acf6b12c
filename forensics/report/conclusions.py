"""Plain last lines of commands: what a scan did, how far a case got."""

from collections.abc import Iterator

from forensics.knowledge.wording import Wording
from forensics.model.scanning import Extent, Unread
from forensics.report.visible import visible


def scan_summary(extent: Extent, ranked: int, head: str, again: int = 0, language: str = "en") -> Iterator[str]:
    """Yield what a scan did; the last line counts what was lost, and apart from it what holds nothing to read.

    Args:
        extent: how much was read and could be judged.
        ranked: lines of the ranking, weak and above.
        head: custody head to write down.
        again: items that failed for a reason that may have passed.
        language: a language of the sentence catalogue.
    """
    say = Wording(language)
    states = [
        say.text("report.scan.state", n=count, status=say.text(f"report.status.{status}"))
        for status, count in extent.by_status.items()
    ]
    yield say.counted("report.scan.items", extent.items, states=say.text("report.join.comma").join(states))
    yield found(extent, ranked, say)
    yield say.text("report.scan.head", head=head)
    yield from remedies(extent, say)
    if again:
        yield say.counted("report.scan.again", again)
    yield unread(extent, say)


def found(extent: Extent, ranked: int, say: Wording) -> str:
    """Say how many entries do not fit, of how many items that could be judged."""
    of = {"judged": extent.judged, "items": extent.items}
    if not extent.judged:
        return say.text("report.scan.none_judged", **of)
    return say.counted("report.scan.ranked", ranked, **of)


def unread(extent: Extent, say: Wording) -> str:
    """Say what was lost, and what was left alone or holds nothing to read; that all was read only where it was."""
    settled = extent.reached.settled
    if not extent.items:
        return say.text("report.scan.no_items" if settled else "report.scan.none_yet")
    if not extent.unread:
        return say.text("report.scan.all_read" if settled else "report.answer.all_read_so_far")
    said = [say.counted("report.scan.lost", extent.lost, reasons=reasons(extent, say, lost=True))]
    if not extent.read:
        said = [say.text("report.scan.nothing_read"), *(said if extent.lost else [])]
    if extent.apart:
        said.append(say.counted("report.scan.apart", extent.apart, reasons=reasons(extent, say, lost=False)))
    return " ".join(said)


def reasons(extent: Extent, say: Wording, *, lost: bool, most: int | None = None) -> str:
    """Name why items were lost, or why others were left alone, most frequent first.

    Args:
        extent: how much was read.
        say: the language.
        lost: the losses; else what was left alone or holds nothing to read.
        most: reasons to name; all where ``None``.
    """
    counts: dict[str, int] = {}
    for row in extent.unread:
        if row.lost == lost:
            counts[row.reason] = counts.get(row.reason, 0) + row.count
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    said = [say.text("report.untested.reason", n=count, reason=reason(code, say)) for code, count in ordered]
    return say.text("report.join.semicolon").join(said)


def reason(code: str, say: Wording) -> str:
    """Name a notice code: its words where the catalogue has them, else the code itself."""
    return say.text(f"report.notice.{code}") if say.has(f"report.notice.{code}") else visible(code)


def remedies(extent: Extent, say: Wording) -> list[str]:
    """Say for each kind of format that is not read what can be done about it, most frequent first."""
    rows = sorted([row for row in extent.unread if row.remedy], key=lambda row: (-row.count, row.remedy))
    return [say.text("report.scan.remedy", n=row.count, what=remedy(row, say)) for row in rows]


def remedy(row: Unread, say: Wording) -> str:
    """Say what can be done about items of a format that is not read; empty where the reason says it."""
    return say.text(f"report.remedy.{row.remedy}") if row.remedy else ""
