"""What a scan costs, against the parse-only time of other mail parsers, on corpora that are the same everywhere.

    python -m tests.bench.scan CORPORA [--runs 5] [--write docs/speed.md]
    python -m tests.bench.scan CORPORA --growth [--write docs/speed.md]
    python -m tests.bench.scan CORPORA --profile

CORPORA holds what ``tests/bench/corpora.py`` built. A scan's figure is the processor time of all its processes,
start-up, tables and case rules included. Scans and parsers take turns, so that a machine that is busy at times is so
for all; the median of the ratios is what counts. A loaded machine makes all figures higher, so the load is said.
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from forensics._version import VERSION
from tests.bench import page, processes
from tests.bench.corpora import grown_names
from tests.bench.peers import EMAIL, MAIL_PARSER
from tests.bench.staged_scan import Staged

NAMED = ("signed", "unsigned", "large")
FIRST_PAGES = ("rank", "timeline", "items")
_MB = 1_000_000


def main() -> None:
    """Measure and print; write the tables where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scan", description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="of the second scan. Default: processors")
    parser.add_argument("--growth", action="store_true", help="scan what is there of n10k, n100k, n1m")
    parser.add_argument("--profile", action="store_true", help="name the ten dearest functions and rules")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables between the page's markers")
    asked = parser.parse_args()
    name, measure = _asked(asked)
    text = "\n\n".join([_machine(), *measure(), _load("at the end")])
    sys.stdout.write(text + "\n")
    if asked.write:
        page.written(asked.write, name, text)


def _asked(asked: argparse.Namespace) -> tuple[str, Callable[[], Iterator[str]]]:
    if asked.growth:
        return "growth", lambda: growth(asked.corpora, asked.jobs)
    if asked.profile:
        return "profile", lambda: profile(asked.corpora)
    return "costs", lambda: costs(asked.corpora, asked.runs, asked.jobs)


def costs(corpora: Path, runs: int, jobs: int) -> Iterator[str]:
    """Yield the table of all named corpora, and that of what is paid whatever is read."""
    head = ("corpus", "mails", "bytes", "us a mail", f"of {MAIL_PARSER}", f"of {EMAIL}", f"{jobs} jobs", "faster")
    rows: list[tuple[str, ...]] = [(*head, "case phase", "relations", "parent MB", "worker MB")]
    for name in NAMED:
        if (corpora / name).is_dir():
            rows.append(_row(name, corpora / name, runs, jobs))
    yield page.markdown(rows)
    yield page.markdown(_fixed(next(corpora.rglob("*.eml")), runs))


def _row(name: str, folder: Path, runs: int, jobs: int) -> tuple[str, ...]:
    sizes = [path.stat().st_size for path in folder.rglob("*.eml")]
    one, many, peers = [], [], []
    for number in range(runs):
        peers.append(processes.module("peers", str(folder)))
        one.append(processes.scan(folder, 1))
        many.append(processes.scan(folder, jobs))
        sys.stderr.write(f"{name}, run {number + 1}: {_us(one[-1].cpu_s, len(sizes))} us a mail, {_load('load')}\n")
    parts = _staged(folder, 1)
    return (
        name,
        f"{len(sizes):,}",
        f"{statistics.mean(sizes):,.0f}",
        _us(statistics.median([run.cpu_s for run in one]), len(sizes)),
        _ratio([(run.cpu_s, peer.get(MAIL_PARSER)) for run, peer in zip(one, peers, strict=True)]),
        _ratio([(run.cpu_s, peer.get(EMAIL)) for run, peer in zip(one, peers, strict=True)]),
        _us(statistics.median([run.cpu_s for run in many]), len(sizes)),
        _ratio([(single.wall_s, run.wall_s) for single, run in zip(one, many, strict=True)]),
        _us(parts.case_s, len(sizes)),
        _us(parts.relations_s, len(sizes)),
        f"{parts.parent_bytes / _MB:,.0f}",
        f"{parts.worker_bytes / _MB:,.0f}",
    )


def _fixed(mail: Path, runs: int) -> page.Table:
    calls: dict[str, Callable[[], processes.Cost]] = {
        "scan of one mail": lambda: processes.scan(mail, 1),
        "check of one mail": lambda: processes.forensics("check", str(mail)),
        "--help": lambda: processes.forensics("--help"),
    }
    found = {name: [call() for _ in range(runs)] for name, call in calls.items()}
    rows = [("call", "s CPU", "peak MB")]
    for name, ran in found.items():
        cpu_s, peak = statistics.median([one.cpu_s for one in ran]), max(one.peak_bytes for one in ran)
        rows.append((name, f"{cpu_s:.2f}", f"{peak / _MB:,.0f}"))
    return rows


def growth(corpora: Path, jobs: int) -> Iterator[str]:
    """Yield the table of the grown corpora that are there, smallest first.

    A large scan outlasts what else the machine does: the mails of the smallest corpus are parsed before and after it.
    """
    rows = [("mails", "us a mail", f"of {EMAIL}", "growth", "planning", "parent reading", "case phase",
             "parent MB", "worker MB", "judging MB", "case MB",
             *[f"{name}, s (MB)" for name in FIRST_PAGES], "wall s")]  # fmt: skip
    names = grown_names(corpora)
    ratios: list[float] = []
    for name, mails in names:
        least, least_mails = corpora / names[0][0], names[0][1]
        with TemporaryDirectory(dir=corpora) as work:
            case = Path(work) / "case"
            parsed = [processes.module("peers", str(least), EMAIL)[EMAIL]]
            parts = _staged(corpora / name, jobs, case)
            parsed.append(processes.module("peers", str(least), EMAIL)[EMAIL])
            pages = [processes.forensics(command, str(case)) for command in FIRST_PAGES]
        ratios.append(parts.cpu_s / mails / (statistics.mean(parsed) / least_mails))
        rows.append((
            f"{mails:,}",
            _us(parts.cpu_s, mails),
            f"{ratios[-1]:.1f}",
            f"{ratios[-1] / ratios[0]:.2f}",
            *[_us(seconds, mails) for seconds in (parts.planning_s, parts.parent_s, parts.case_s)],
            *[f"{size / _MB:,.0f}" for size in (parts.parent_bytes, parts.worker_bytes, parts.judging_bytes)],
            f"{parts.case_bytes / _MB:,.0f}",
            *[f"{one.cpu_s:.2f} ({one.peak_bytes / _MB:,.0f})" for one in pages],
            f"{parts.wall_s:,.0f}",
        ))  # fmt: skip
        sys.stderr.write(f"{rows[-1]}, {_load('load')}\n")
    yield page.markdown(rows)


def profile(corpora: Path) -> Iterator[str]:
    """Yield what is dearest in each named corpus."""
    for name in NAMED:
        if (corpora / name).is_dir():
            found = processes.module("profiled", str(corpora / name))
            for kind, dearest in found.items():
                rows = [(what, f"{us:.1f}", f"{calls:,.1f}") for what, us, calls in dearest]
                yield f"{name}, {kind}:\n\n" + page.markdown([(kind, "us a mail", "calls"), *rows])


def _staged(folder: Path, jobs: int, case: Path | None = None) -> Staged:
    with TemporaryDirectory() as work:
        where = case or Path(work) / "case"
        return Staged(**processes.module("staged_scan", str(folder), str(where), str(jobs)))


def _us(seconds: float, mails: int) -> str:
    return f"{seconds / mails * 1e6:,.0f}"


def _ratio(pairs: list[tuple[float, float | None]]) -> str:
    found = [ours / theirs for ours, theirs in pairs if theirs]
    return f"{statistics.median(found):.2f}" if found else "not installed"


def _machine() -> str:
    try:
        peer = f", mail-parser {version('mail-parser')}"
    except PackageNotFoundError:
        peer = ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, forensics {VERSION}, Python {platform.python_version()}{peer}, "
        f"{os.cpu_count()} processors ({platform.machine()}), {_load('at the start')}."
    )


def _load(when: str) -> str:
    return f"{when}: {os.getloadavg()[0]:.1f}" if when == "load" else f"load {os.getloadavg()[0]:.1f} {when}"


if __name__ == "__main__":
    main()
