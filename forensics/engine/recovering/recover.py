"""The job ``forensics keys recover``: computes keys of a case from its signatures, stores them, judges anew."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import UTC, datetime
from heapq import heappop, heappush
from pathlib import Path

from forensics.authenticity.recovery import Signed, arithmetic
from forensics.casestore import CaseFolder, Queries, reached
from forensics.engine.judging import discard, judge_again, stoppable
from forensics.engine.keys import write_keys
from forensics.engine.reading.pool import default_jobs
from forensics.engine.recovering.computing import Computed, Computing
from forensics.engine.recovering.selectors import Support, Tally, selectors, tally
from forensics.engine.recovering.work import MOST_PAIRS, Found, Work, described, key_of
from forensics.model.keys import Obtained
from forensics.model.paths import AnyPath
from forensics.model.recovering import RecoveredKey, RecoverOptions, RecoverProgress, Recovery
from forensics.model.rows.keys import KeyRow, row_of
from forensics.stages import STAGES

UNIT = "keys-recovered"
"""Of table ``keys``: all that were ever recovered in a case."""
_TICK_S = 0.5
_KEYS = "SELECT * FROM keys ORDER BY domain, selector, obtained, first_seen, key"


def recover_keys(
    case: AnyPath,
    options: RecoverOptions | None = None,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    passwords: Sequence[bytes] = (),
    progress: Callable[[RecoverProgress], None] = lambda _: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Recovery:
    """Compute public keys of signers from the signatures of a case, and judge it anew with what was found.

    Two signatures of one key give it away, if both headers are as they were signed. What is found is stored at once; a
    second call goes on with what is not decided. A recovered key is bound to the archive, not to DNS: anybody can sign
    mails with a key of their own under any name.

    Args:
        case: folder of the case.
        options: selection and limits.
        sources: where the sources lie now, by label or as ``[LABEL=]PATH``, if not where they were scanned: rules that
            read items again need them.
        passwords: tried in order on encrypted members of these.
        progress: called about twice a second.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        NotInstalled: gmpy2 is missing.
        CaseStoreError: the folder is no case, is locked, or the disk is full.
        WorkerFailed: a process that computes ended by itself.
        Interrupted: stopped by the user; what was found is stored, the same call goes on.
    """
    options = options or RecoverOptions()
    arithmetic()  # that it is missing is said first
    folder = CaseFolder.open(Path(case), clock)
    with folder.lock(), stoppable(folder):
        discard(folder)
        with Queries(folder, without=STAGES) as queries:
            recovering = _Recovering(folder, queries, options, progress)
            recovering.run()
            found = recovering.found()
        judged = reached(folder).settled or judge_again(folder, sources, passwords)
        head = folder.custody.head()
    return Recovery(found=found, failed=recovering.failed, left=recovering.left, judged=judged, head=head)


class _Recovering:
    """One run over a locked case.

    Attributes:
        failed: selectors that gave no key.
        left: selectors that there was no time for.
    """

    def __init__(
        self,
        folder: CaseFolder,
        queries: Queries,
        options: RecoverOptions,
        progress: Callable[[RecoverProgress], None],
    ) -> None:
        self._folder, self._queries, self._options, self._progress = folder, queries, options, progress
        self._started = time.monotonic()
        known = list(queries.rows(_KEYS, {}, KeyRow))
        self._stored = {row.key: row for row in known if row.obtained == Obtained.RECOVERED}
        self._records: dict[str, dict[bytes, str]] = {}
        """Selector to the records that are known of it, each with one of its domains."""
        own: dict[tuple[str, str], dict[bytes, None]] = {}
        for row in known:
            self._records.setdefault(row.selector, {}).setdefault(row.record, row.domain)
            own.setdefault((row.domain, row.selector), {})[row.record] = None
        asked = selectors(queries, options.domain, options.selector)
        self._works = [Work(one, own.get((one.domain, one.selector), ())) for one in asked]
        self.failed = self.left = 0

    def run(self) -> None:
        """Compute until nothing is left to try, or the time is over."""
        jobs = self._options.jobs or default_jobs()
        waiting = [(work.turn, work) for work in self._works]  # in order, so a heap
        running: dict[Future[Computed], Work] = {}
        with Computing(jobs) as computing:
            while not self._over():
                later = []
                while waiting and len(running) < jobs:
                    turn, work = heappop(waiting)
                    if work.selector.selector in [other.selector.selector for other in running.values()]:
                        later.append((turn, work))  # the key that is being computed may be that of both
                    elif (pair := self._next(work)) is not None:
                        running[computing.start(*pair)] = work
                for one in later:
                    heappush(waiting, one)
                if not running:
                    break
                for done in wait(running, _TICK_S, FIRST_COMPLETED).done:
                    work = running.pop(done)
                    self._take(work, done.result())
                    heappush(waiting, (work.turn, work))
                self._tell(len(waiting), running.values())
        self.left = len(waiting) + len(running)

    def _over(self) -> bool:
        return 0 < self._options.seconds <= time.monotonic() - self._started

    def _tell(self, waiting: int, running: Iterable[Work]) -> None:
        found = sum([len(work.found) for work in self._works])
        elapsed, trying = time.monotonic() - self._started, tuple([work.selector.name for work in running])
        self._progress(RecoverProgress(selectors=waiting, found=found, elapsed_s=elapsed, trying=trying))

    def _next(self, work: Work) -> tuple[Signed, Signed] | None:
        """Return the pair to try next; none where the selector is done."""
        if work.pairs is None or work.looked != len(self._records.get(work.selector.selector, ())):
            self._look(work)
        pair = next(work.pairs or iter(()), None) if work.tried < MOST_PAIRS else None
        self.failed += pair is None and work.tried > 0 and not work.found
        return pair

    def _look(self, work: Work) -> None:
        """Test the keys that are known on the selector; customers of one provider often share a key."""
        shared = self._records.setdefault(work.selector.selector, {})
        others = [record for record in shared if record not in work.records]
        found = tally(self._queries, work.selector, [*work.records, *others])
        for support in found.supports[len(work.records) :]:
            if support.opened:
                opens = f"opens {support.opened} signatures of the archive"
                work.found.append(Found(support.record, f"key of {shared[support.record]}, which {opens}", 0, 0.0))
                self._store(work, found, support)
        work.pairs, work.undecided, work.looked = found.candidates.pairs(), found.undecided, len(shared)

    def _take(self, work: Work, computed: Computed) -> None:
        """Take what a pair gave."""
        work.tried += 1
        work.cpu_s += computed.cpu_s
        if not computed.record:
            return
        found = tally(self._queries, work.selector, [*work.records, computed.record])
        work.found.append(Found(computed.record, "2 signatures of the archive, gcd", work.tried, work.cpu_s))
        self._store(work, found, found.supports[-1])
        work.pairs, work.undecided = found.candidates.pairs(), found.undecided
        work.tried, work.cpu_s, work.looked = 0, 0.0, len(self._records[work.selector.selector])

    def _store(self, work: Work, found: Tally, support: Support) -> None:
        """Store the key that was found last; the log says what it opens."""
        selector = work.selector
        work.records.append(support.record)
        self._records.setdefault(selector.selector, {}).setdefault(support.record, selector.domain)
        row = row_of(key_of(selector, work.found[-1], support))
        self._stored[row.key] = row
        files = write_keys(self._folder, UNIT, [self._stored[key] for key in sorted(self._stored)])
        counts = {"opened": str(support.opened), "tested": str(found.tested)}
        named = {"domain": selector.domain, "selector": selector.selector}
        self._folder.custody.append("keys_recovered", {"unit": UNIT, **named, **counts}, files)

    def found(self) -> tuple[RecoveredKey, ...]:
        """Return all keys that were found, with what they open now that all are known."""
        return tuple([key for work in self._works if work.found for key in described(self._queries, work)])
