"""``forensics measure``: how often clean items show what the rules look for."""

import sys
from pathlib import Path
from typing import Any

import click

from forensics.cli import options
from forensics.cli.progress import ProgressLine


def _digests(_: click.Context, __: click.Parameter, path: Path | None) -> tuple[str, ...] | None:
    """Return the digests of a file of reviewed items; ``None`` where none is given."""
    if path is None:
        return None
    from forensics.errors import UsageError

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--not-clean {path}: {error}") from error
    return tuple([line.split()[0].lower() for line in lines if line.strip() and not line.startswith("#")])


@click.command(no_args_is_help=True)
@click.argument("folder", metavar="FOLDER", type=options.PATH)
@options.leave_out
@click.option("--profile", is_flag=True, help="Also the processor time of each rule.")
@click.option(
    "--by-file",
    is_flag=True,
    help="Documents and archives: a folder for each owner, a file counts once with all that is embedded in it.",
)
@click.option("--corpus", metavar="NAME", default="", help="Name in the rows. Default: FOLDER's.")
@click.option("--route", metavar="R", default="", help="Route of all items: list, direct, bulk, unsolicited.")
@click.option(
    "--not-clean",
    metavar="FILE",
    type=options.PATH,
    callback=_digests,
    help="What a review of the hits found: one SHA-256 per line, then a note.",
)
@click.option("--output", metavar="DIR", type=options.PATH, help="Write rates, scores, meetings and hits there.")
@options.dkim_keys
@options.jobs
@options.no_progress
def run(folder: Path, output: Path | None, jobs: int, *, no_progress: bool, by_file: bool, **given: Any) -> None:
    """Count how often each rule fires on a folder of genuine items, and how many of them it would accuse.

    Rows count as reviewed only with --not-clean (an empty file where every hit is genuine).
    """
    from forensics import MeasureOptions, measure
    from forensics.cli.output import print_line, print_table
    from forensics.report import measured as page

    if by_file:
        _by_file(folder, output, jobs, no_progress=no_progress, **given)
        return
    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        found = measure(folder, MeasureOptions(**given), jobs=jobs, progress=progress)
    print_table(page.table(found))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        rates = output / ("rates.csv" if found.reviewed else "rates-unreviewed.csv")
        rates.write_text(page.rates_csv(found.counts), encoding="utf-8")
        (output / "clean_scores.csv").write_text(page.scores_csv(found), encoding="utf-8")
        (output / "combined.csv").write_text(page.combined_csv(found), encoding="utf-8")
        (output / "combined_met.csv").write_text(page.meetings_csv(found), encoding="utf-8")
        (output / "hits.jsonl").write_bytes(page.hits_jsonl(found.hits))
        print_line(f"rates, scores, meetings and hits: {output}")


def _by_file(folder: Path, output: Path | None, jobs: int, *, no_progress: bool, **given: Any) -> None:
    from forensics import MeasureOptions, measure_files
    from forensics.cli.output import print_line, print_table
    from forensics.report import measured as page
    from forensics.report import measured_files as by_file

    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        found = measure_files(folder, MeasureOptions(**given), jobs=jobs, progress=progress)
    print_table(by_file.table(found))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        rates = output / ("file_rates.csv" if found.reviewed else "file_rates-unreviewed.csv")
        rates.write_text(page.rates_csv(found.counts), encoding="utf-8")
        (output / "file_bins.csv").write_text(by_file.bins_csv(found.bins), encoding="utf-8")
        (output / "combined.csv").write_text(page.combined_csv(found), encoding="utf-8")
        (output / "combined_met.csv").write_text(page.meetings_csv(found), encoding="utf-8")
        (output / "hits.jsonl").write_bytes(by_file.hits_jsonl(found.hits))
        print_line(f"rates, strengths, meetings and hits: {output}")
