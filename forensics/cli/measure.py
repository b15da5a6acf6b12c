"""``forensics measure``: how often clean items show what the rules look for."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import LeaveOut
from forensics.cli.progress import ProgressLine


def run(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Genuine items, opened read-only.")],
    leave_out: LeaveOut = [],  # noqa: B006
    profile: Annotated[bool, typer.Option("--profile", help="Also the processor time of each rule.")] = False,
    corpus: Annotated[str, typer.Option("--corpus", metavar="NAME", help="Name in the rows. Default: FOLDER's.")] = "",
    route: Annotated[
        str, typer.Option("--route", metavar="R", help="Route of all items: list, direct, bulk, unsolicited.")
    ] = "",
    not_clean: Annotated[
        Path | None,
        typer.Option(
            "--not-clean", metavar="FILE", help="What a review of the hits found: a SHA-256 a line, then a note."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write rates, scores and hits there.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0: one per processor.")] = 0,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on standard error.")] = False,
) -> None:
    """Count how often each rule fires on a folder of genuine items, and how many of them it would accuse.

    Rows count as reviewed only with --not-clean (an empty file where every hit is genuine).
    """
    from forensics import MeasureOptions, measure
    from forensics.cli.output import print_line, print_table
    from forensics.report import measured as page

    options = MeasureOptions(
        corpus=corpus,
        route=route,
        leave_out=tuple(leave_out),
        not_clean=_digests(not_clean),
        profile=profile,
    )
    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        found = measure(folder, options, jobs=jobs, progress=progress)
    print_table(page.table(found))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        rates = output / ("rates.csv" if found.reviewed else "rates-unreviewed.csv")
        rates.write_text(page.rates_csv(found.counts), encoding="utf-8")
        (output / "clean_scores.csv").write_text(page.scores_csv(found), encoding="utf-8")
        (output / "hits.jsonl").write_bytes(page.hits_jsonl(found.hits))
        print_line(f"rates, scores and hits: {output}")


def _digests(path: Path | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    from forensics.errors import UsageError

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--not-clean {path}: {error}") from error
    return tuple([line.split()[0].lower() for line in lines if line.strip() and not line.startswith("#")])
