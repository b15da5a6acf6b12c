"""Measure a folder of clean items: rates by rule and bin, the alarm budget, clean scores, times."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.engine.dates import instant_of
from forensics.engine.measuring.alarms import alarms, noise, scores
from forensics.engine.measuring.combined import mails_counted, meetings
from forensics.engine.measuring.counts import count, counted, listed, stratum_of, subjects
from forensics.engine.measuring.profile import case_times, item_times
from forensics.engine.scan import scan
from forensics.errors import UsageError
from forensics.knowledge.rates import ROUTES
from forensics.model.findings import Ranked, StoredFinding
from forensics.model.measuring import Measurement, MeasureOptions
from forensics.model.paths import AnyPath
from forensics.model.rules import Context, Subject
from forensics.model.scanning import Progress, ScanOptions
from forensics.parsers import decoders
from forensics.replay.contents import SourceContents
from forensics.replay.walk import Replayer
from forensics.stages.grading.archive_property import archive_properties, set_apart
from forensics.stages.grading.origin import origins
from forensics.stages.power import power_of
from forensics.stages.stage import Tables

_FINDINGS = "SELECT stored AS text FROM findings ORDER BY id"
_RANKING = "SELECT ranked AS text FROM ranking ORDER BY rank"


def measure(
    folder: AnyPath,
    options: MeasureOptions | None = None,
    *,
    jobs: int = 0,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Measurement:
    """Scan a folder that is held to be clean and count what the rules see in it.

    Args:
        folder: a folder or file of genuine items; read only. The case that is made of it is thrown away.
        options: name, route, corpora left out, review.
        jobs: processes; 0: as many as there are processors.
        progress: called a few times a second.

    Raises:
        UsageError: no such folder, reference corpus or route.
        CaseStoreError: the disk is full.
    """
    folder, options = Path(folder), options or MeasureOptions()
    if options.route and options.route not in ROUTES:
        raise UsageError(f"no route {options.route!r}; it is one of {', '.join(sorted(ROUTES))}")
    with tempfile.TemporaryDirectory(prefix="forensics-measure-") as made:
        case = Path(made) / "case"
        asked = ScanOptions(leave_out=options.leave_out, jobs=jobs, dkim_keys=options.dkim_keys)
        scan([folder], case, asked, progress=progress)
        opened = CaseFolder.open(case)
        with Queries(opened) as queries:
            measured = _measured(folder, options, queries)
            if not options.profile:
                return measured
            context = Context(as_of=instant_of(opened.info.as_of, "as of"))
            times = item_times(folder, context)
            with SourceContents(lambda _: Replayer(folder, decoders())) as contents:
                over_case = msgspec.structs.replace(context, contents=contents)
                times += case_times(queries.rows, over_case, measured.mails)
            return msgspec.structs.replace(measured, times=times)


def _measured(folder: Path, options: MeasureOptions, queries: Queries) -> Measurement:
    rows, corpus = queries.rows, options.corpus or folder.resolve().name
    not_clean = frozenset(options.not_clean or ())
    items = subjects(rows, not_clean)
    observed, _ = Tables(rows).observed()
    exported = [one for one in archive_properties(rows, observed) if one.export]
    void = frozenset([one.rule.id for one in exported])
    hits = counted(tuple(set_apart(observed, exported)), not_clean)
    judged = sorted({row.sha256 for kind, held in items.items() for row in held if power_of(row.mask, kind)[0]})
    mails = frozenset(row.sha256 for row in items[Subject.MESSAGE])
    stored = list(queries.stored(_FINDINGS, {}, StoredFinding))
    findings = [one.finding for one in stored]
    ranking = list(queries.stored(_RANKING, {}, Ranked))
    known = origins(rows, judged)
    routes = {row.sha256: stratum_of(known.get(row.sha256), options.route)[1] for row in items[Subject.MESSAGE]}
    return Measurement(
        folder=folder,
        corpus=corpus,
        items=len(judged),
        mails=len(mails),
        left_out=len(not_clean),
        reviewed=options.not_clean is not None,
        counts=count(items, hits, known, corpus, options.route, void),
        hits=listed(hits),
        alarms=alarms(findings, len(judged), not_clean, ranking),
        noise=noise(findings, not_clean),
        scores=scores(ranking, mails),
        combined=mails_counted(items[Subject.MESSAGE], routes, findings, corpus),
        meetings=meetings(items[Subject.MESSAGE], routes, stored, corpus),
    )
