"""Writes the report of a case, and says so in its custody log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from forensics.casestore import CaseFolder, Queries, write_file
from forensics.errors import ForensicsError, UsageError
from forensics.knowledge.wording import Wording
from forensics.model.comparing import ComparedLine
from forensics.model.findings import Ranked
from forensics.model.paths import AnyPath
from forensics.model.summary import CaseSummary
from forensics.reader.against import against
from forensics.reader.case import Case, open_case
from forensics.reader.first_words import first_words
from forensics.reader.letters import read_letters
from forensics.reader.new_files import kept, outside
from forensics.reader.reached import settled
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_findings import strengths
from forensics.reader.summarize import summarize
from forensics.report.html import render
from forensics.report.pdf import print_page
from forensics.report.public import for_public

REPORT = "report.html"
PDF = ".pdf"
PUBLIC = "public"
AUDIENCES = ("internal", PUBLIC)
MARK = b'<meta name="generator" content="forensics '
"""Stands at the top of every report."""

_ADDRESSES = "SELECT DISTINCT lower(address) AS address FROM parties WHERE address <> '' ORDER BY address"


class _Address(msgspec.Struct, frozen=True):
    address: str


def write_report(
    case: AnyPath,
    output: AnyPath | None = None,
    *,
    audience: str = "internal",
    language: str = "en",
    partial: bool = False,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    passwords: Sequence[bytes] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Path:
    """Write the report and return its path.

    Args:
        case: the case folder.
        output: where to, ``.html`` or ``.pdf``; ``report.html`` in the case where ``None``.
        audience: ``internal``, or ``public``: who is not in a ranked item has a pseudonym; file names, folders, marks,
            and the words around the deciding ones are withheld (`forensics.report.public`).
        language: ``en``, or a language that has a catalogue.
        partial: whether to report on a case that is not wholly read and judged; the report says so at its top.
        sources: where sources lie now, as `open_case` takes it: how mails begin is read from there. Without them the
            report says everything else.
        passwords: tried in order on encrypted members when mails are read again.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        UsageError: *output* cannot be written there: it would stand in the evidence or the case, or replace a file
            that is no report.
        NotInstalled: a PDF is asked for, and no browser that prints one is there.
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
        CaseStoreError: the case cannot be read, is locked, or the disk is full.
    """
    if audience not in AUDIENCES:
        raise UsageError(f"no report for audience {audience!r}: it is one of {', '.join(AUDIENCES)}")
    folder = CaseFolder.open(Path(case), clock)
    target = _target(folder, Path(output) if output is not None else None)
    settled(folder, partial=partial)
    with folder.lock():
        with Queries(folder) as queries:
            summary = summarize(folder, queries)
            found = read_letters(queries, strengths("weak"), Gate(queries))
            summary = replace(summary, asked=found.by_rank)
            addresses = [row.address for row in queries.rows(_ADDRESSES, {}, _Address)] if audience == PUBLIC else []
        if audience == PUBLIC:
            summary = for_public(summary, addresses, Wording(language))
        else:
            with open_case(folder.path, sources=sources, passwords=passwords, partial=True) as opened:
                summary = replace(
                    summary, texts=first_words(opened, _mails(summary)), against=_differing(opened, summary.ranking)
                )
        page = render(summary, language=language).encode("utf-8")
        if target.suffix.lower() == PDF:
            page = print_page(page)
        digest = write_file(target, page)
        files = {REPORT: digest} if target == folder.path.resolve() / REPORT else {}
        folder.custody.append("report", {"sha256": digest, "audience": audience, "language": language}, files)
    return target


def _differing(case: Case, ranking: Iterable[Ranked]) -> dict[int, ComparedLine]:
    """Return by rank in what the items of entries differ from their originals, or from the other item there."""
    found = {}
    for ranked in ranking:
        try:
            line = None if ranked.item is None else against(case, ranked, ranked.item.sha256)
        except (ForensicsError, OSError):
            continue  # the report says without it all that the case holds
        if line is not None:
            found[ranked.rank] = line
    return found


def _mails(summary: CaseSummary) -> list[str]:
    """Return the mails of the lines that the report shows."""
    refs = [ranked.item for ranked in summary.ranking if ranked.item is not None]
    facts = [summary.items[ref.sha256] for ref in refs if ref.sha256 in summary.items]
    return [one.ref.sha256 for one in facts if one.media_type == "message/rfc822"]


def _target(folder: CaseFolder, output: Path | None) -> Path:
    """Return where to write; never over evidence, the case, or anybody's other file."""
    home = folder.path.resolve() / REPORT
    if output is None:
        return home
    if output.resolve() == home:
        return home
    target = outside(output, kept(folder))
    if target.is_dir() or (target.exists() and MARK not in target.read_bytes()[:2000]):
        raise UsageError(f"{output} exists and is no report that is a page; give another name")
    return target
