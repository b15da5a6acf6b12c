"""Plain last lines of commands: what a scan did, how far a case got."""

from collections.abc import Iterable, Iterator
from shlex import quote

from forensics.knowledge.terms import STATUSES
from forensics.knowledge.wording import Wording
from forensics.model.findings import SetAside
from forensics.model.items import Status
from forensics.model.scanning import Extent, Unread
from forensics.model.sentences import says
from forensics.report import phrases
from forensics.report.notices import REMEDIES, words_of
from forensics.report.visible import visible

ALL_READ_SO_FAR = says("report.answer.all_read_so_far", one="Every item that was reached was read in full.")
_REASON = says("report.untested.reason", one="{n} {reason}")
_ITEMS = says("report.scan.items", one="1 item: {states}", many="{n} items: {states}", none="No item was found.")
_STATE = says("report.scan.state", one="{n} {status}")
_RANKED = says(
    "report.scan.ranked",
    one="1 entry does not fit. A rule could judge {judged} of {items} items.",
    many="{n} entries do not fit. A rule could judge {judged} of {items} items.",
    none="A rule could judge {judged} of {items} items; no entry stands out.",
)
_LURED = says(
    "report.scan.lured",
    one="1 mail or file would lead its reader elsewhere; it is no entry, and `forensics report` lists it apart.",
    many="{n} mails or files would lead their readers elsewhere; they are no entries, and `forensics report` lists them"
    " apart.",
)
_NONE_JUDGED = says(
    "report.scan.none_judged",
    one="No rule could judge any item, so nothing can be said for or against the {items} items.",
)
_HEAD_OF_SCAN = says("report.scan.head", one="Custody head, to write down outside the case: {head}")
NO_ITEMS = says("report.scan.no_items", one="Nothing was read: the sources hold no file.")
NONE_YET = says("report.scan.none_yet", one="Nothing has been read yet.")
_NOTHING_READ = says("report.scan.nothing_read", one="Nothing was read.")
_ALL_READ = says("report.scan.all_read", one="Everything was read.")
_LOST = says(
    "report.scan.lost",
    one="Lost: 1 item was not read, or not in full ({reasons}).",
    many="Lost: {n} items were not read, or not in full ({reasons}).",
    none="Nothing was lost.",
)
_APART = says(
    "report.scan.apart",
    one="1 item was left alone or has nothing to read ({reasons}).",
    many="{n} items were left alone or have nothing to read ({reasons}).",
)
_AGAIN = says(
    "report.scan.again",
    one="1 item failed for a reason that may have passed: run the same command again to read it.",
    many="{n} items failed for a reason that may have passed: run the same command again to read them.",
)
_REMEDY = says("report.scan.remedy", one="Not read ({n}): {what}")
_NEXT = says("report.scan.next", one="Next:")
_REST_OF_LIST = says(
    "report.list.rest",
    one="{n} more; --limit 0 shows all, --format jsonl gives everything",
    many="{n} more; --limit 0 shows all, --format jsonl gives everything",
)
_HEAD_OF_REPORT = says("report.head", one="Custody head that covers the report, to write down outside the case: {head}")
_HEAD_OF_ACT = says("act.head", one="Custody head that covers this, to write down outside the case: {head}")

_EXTRACTED = says(
    "report.extracted",
    one="Written: {path}, {size} bytes; SHA-256 {sha256}, as scanned. The custody log says so.",
)


def scan_summary(
    extent: Extent, ranked: int, head: str, again: int = 0, lured: int = 0, language: str = "en"
) -> Iterator[str]:
    """Yield what a scan did; the last line counts what was lost, and apart from it what holds nothing to read.

    Args:
        extent: how much was read and could be judged.
        ranked: lines of the ranking, weak and above.
        head: custody head to write down.
        again: items that failed for a reason that may have passed.
        lured: items that are lures.
        language: ``en``, or a language that has a catalogue.
    """
    say = Wording(language)
    states = [
        say.say(_STATE, n=count, status=say.say(STATUSES[Status(status)])) for status, count in extent.by_status.items()
    ]
    yield say.say(_ITEMS, extent.items, states=say.listed(states))
    yield found(extent, ranked, say)
    if lured:
        yield say.say(_LURED, lured)
    yield say.say(_HEAD_OF_SCAN, head=head)
    yield from remedies(extent, say)
    if again:
        yield say.say(_AGAIN, again)
    yield unread(extent, say)


def next_commands(case: str, ranked: int, items: int, language: str = "en") -> Iterator[str]:
    """Yield the commands to type after a scan; none where nothing was read.

    Args:
        case: the case folder as it was typed.
        ranked: lines of the ranking.
        items: items of the case.
        language: ``en``, or a language that has a catalogue.
    """
    if not items:
        return
    folder = quote(case)
    yield Wording(language).say(_NEXT)
    yield f"  forensics show {folder} 1" if ranked else f"  forensics items {folder}"
    if ranked:
        yield f"  forensics rank {folder}"
    yield f"  forensics report {folder}"


def of_archive(lines: Iterable[SetAside], language: str = "en") -> Iterator[str]:
    """Yield what the archive as a whole shows, a line each."""
    say = Wording(language)
    for statement in sorted({line.statement for line in lines if line.statement}):
        yield say.say(phrases.WHOLE_ARCHIVE, said=statement)


def rest_of_list(rest: int, language: str = "en") -> str:
    """Say how many lines of a list a table does not show, and how to see them."""
    return Wording(language).say(_REST_OF_LIST, rest)


def head_of_report(head: str, language: str = "en") -> str:
    """Say which custody head covers the report."""
    return Wording(language).say(_HEAD_OF_REPORT, head=head)


def extracted(path: str, size: int, sha256: str, language: str = "en") -> str:
    """Say which file was written, and that its digest is that of the item."""
    return Wording(language).say(_EXTRACTED, path=visible(path), size=size, sha256=sha256)


def head_of_act(head: str, language: str = "en") -> str:
    """Say which custody head covers what a command has just logged."""
    return Wording(language).say(_HEAD_OF_ACT, head=head)


def head(digest: str, language: str = "en") -> str:
    """Say which custody head to write down."""
    return Wording(language).say(_HEAD_OF_SCAN, head=digest)


def found(extent: Extent, ranked: int, say: Wording) -> str:
    """Say how many entries do not fit, of how many items that could be judged."""
    of = {"judged": extent.judged, "items": extent.items}
    if not extent.judged:
        return say.say(_NONE_JUDGED, **of)
    return say.say(_RANKED, ranked, **of)


def unread(extent: Extent, say: Wording) -> str:
    """Say what was lost, and what was left alone or holds nothing to read; that all was read only where it was."""
    settled = extent.reached.settled
    if not extent.items:
        return say.say(NO_ITEMS if settled else NONE_YET)
    if not extent.unread:
        return say.say(_ALL_READ if settled else ALL_READ_SO_FAR)
    said = [say.say(_LOST, extent.lost, reasons=reasons(extent, say, lost=True))]
    if not extent.read:
        said = [say.say(_NOTHING_READ), *(said if extent.lost else [])]
    if extent.apart:
        said.append(say.say(_APART, extent.apart, reasons=reasons(extent, say, lost=False)))
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
            words = reason(row.reason, say)  # codes of several formats have the same
            counts[words] = counts.get(words, 0) + row.count
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    said = [say.say(_REASON, n=count, reason=words) for words, count in ordered]
    return say.clauses(said)


def reason(code: str, say: Wording) -> str:
    """Name a notice code: its words where it has any, else the code itself."""
    words = words_of(code)
    return say.say(words) if words else visible(code)


def remedies(extent: Extent, say: Wording) -> list[str]:
    """Say for each kind of format that is not read what can be done about it, most frequent first."""
    rows = sorted([row for row in extent.unread if row.remedy], key=lambda row: (-row.count, row.remedy))
    return [say.say(_REMEDY, n=row.count, what=remedy(row, say)) for row in rows]


def remedy(row: Unread, say: Wording) -> str:
    """Say what can be done about items of a format that is not read; empty where the reason says it."""
    return say.say(REMEDIES[row.remedy]) if row.remedy else ""
