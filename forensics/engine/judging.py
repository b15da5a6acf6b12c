"""Judges what is in the tables of a case: all stages, the views, and the line that says that they have seen it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

import msgspec

from forensics import checks
from forensics.casestore import CaseFolder, Queries, discard_unlogged, reached, write_views
from forensics.engine.dates import instant_of
from forensics.engine.reading.pool import default_jobs
from forensics.engine.roots import at_hand, contents_of, roots_of
from forensics.engine.staging.crew import Crew, is_worth_it
from forensics.engine.staging.run_stages import run_stages
from forensics.errors import Interrupted
from forensics.model.items import Limits
from forensics.model.paths import AnyPath
from forensics.stages import STAGES
from forensics.stages.grading.rank import APART
from forensics.stages.stage import Settings

_GRADED = """
SELECT (SELECT count(*) FROM findings) AS findings, (SELECT count(*) FROM ranking) AS ranked,
       (SELECT count(DISTINCT sha256) FROM findings WHERE rule IN (SELECT unnest($lures::VARCHAR[]))) AS lured
"""


class _Graded(msgspec.Struct, frozen=True):
    findings: int
    ranked: int
    lured: int


class Judged(NamedTuple):
    """What judging a case came to."""

    ranked: int
    """Lines of the ranking."""
    lured: int
    """Mails and files that are lures, which stand apart."""
    cpu_s: float
    """Processor time of the processes that ran stages."""
    peak_bytes: int
    """Largest resident memory of one of them; 0: there were none."""


def judge(
    folder: CaseFolder,
    queries: Queries,
    roots: Mapping[str, Path],
    passwords: Sequence[bytes],
    limits: Limits,
    jobs: int = 0,
) -> Judged:
    """Bring all stages up to date, write the views, log that it is done.

    Args:
        folder: the case, locked.
        queries: its tables, without those of the stages.
        roots: label of a source to where it lies, for what stages read again.
        passwords: tried in order on encrypted ranges.
        limits: under which the items were read.
        jobs: processes that a large case is judged in; 0: one a processor.
    """
    jobs = jobs or default_jobs()
    as_of = instant_of(folder.info.as_of, "as of")
    with contents_of(folder, roots, passwords, limits) as contents:
        settings = Settings(as_of=as_of, leave_out=folder.info.options.leave_out, limits=limits, contents=contents)
        crew = Crew(folder, settings, roots, passwords, jobs) if is_worth_it(folder, jobs) else None
        with crew or nullcontext():
            run_stages(folder, queries, settings, crew=crew)
    lures = [name for name in checks.RULES if checks.load(name).RULE.proposition in APART]
    (graded,) = queries.rows(_GRADED, {"lures": lures}, _Graded)
    folder.custody.append("case_tables", {"findings": str(graded.findings)}, write_views(folder))
    used = (crew.cpu_s, crew.peak_bytes) if crew else (0.0, 0)
    return Judged(graded.ranked, graded.lured, *used)


def judge_again(
    folder: CaseFolder, sources: Mapping[str, AnyPath] | Sequence[str] = (), passwords: Sequence[bytes] = ()
) -> bool:
    """Judge a case anew after something other than its sources changed, such as the keys that are at hand.

    Args:
        folder: the case, locked.
        sources: where sources lie now, as `roots_of` takes them; else they are looked for where they were scanned.
        passwords: tried in order on encrypted ranges.

    Returns:
        Whether it was judged. It is not where the last scan did not finish, or where a source is not at hand as it was
        scanned: rules that read items again would then judge otherwise. `forensics.scan` judges it.

    Raises:
        UsageError: a source is not one of the case.
    """
    roots = roots_of(folder.info, sources)
    limits = folder.info.options.limits
    if not reached(folder).finished:
        return False
    with Queries(folder, without=STAGES) as queries:
        if not at_hand(queries, {record.label: roots[record.label] for record in folder.info.sources}):
            return False
        judge(folder, queries, roots, passwords, limits)
    return True


def discard(folder: CaseFolder) -> None:
    """Remove what was stored when a run was stopped, before the log had its line."""
    if left_over := discard_unlogged(folder):
        folder.custody.append("discarded", {"files": str(len(left_over))})


@contextmanager
def stoppable(folder: CaseFolder) -> Iterator[None]:
    """Log that the user stopped what is done inside.

    Raises:
        Interrupted: they did.
    """
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as stopped:
        # DuckDB turns an interrupt that meets it into a RuntimeError of its own.
        if isinstance(stopped, RuntimeError) and "interrupt" not in str(stopped).lower():
            raise
        folder.custody.append("interrupted", {"by": "user"})
        raise Interrupted("stopped; run the same command again to go on") from stopped
