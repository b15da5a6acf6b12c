"""``python -m samples.score PLANTED CASE``: score a case against the labels of the leak that it was made of."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import forensics
from forensics.errors import ForensicsError
from samples.scoring import files, measures
from samples.scoring.page import markdown
from samples.scoring.result import Score
from samples.scoring.told import told, told_clean
from samples.scoring.truth import read
from samples.scoring.vouched import vouched


def score(planted: Path, case: Path, before: Path | None = None, worst: int = 10) -> Score:
    """Score a case.

    Args:
        planted: folder that ``samples.plant`` wrote.
        case: case folder of a scan of its ``leak``.
        before: case of a scan of the same mails before anything was planted (``samples.plant --before``).
        worst: false lines to show.

    Raises:
        ForensicsError: no labels, or no case.
    """
    truth = read(planted)
    findings, lines = list(forensics.findings(case)), list(forensics.rank(case))
    best = measures.blamed(findings, truth, lines)
    then = None if before is None else measures.blamed(forensics.findings(before), None, forensics.rank(before))
    spoken = vouched(truth, findings)
    seen = told(findings, truth)
    seen_before = frozenset[str]() if before is None else told(forensics.findings(before), None)
    by_operation, by_class = measures.recall(truth, best, then, spoken, seen, seen_before)
    return Score(
        scenario=truth.scenario,
        source=truth.source,
        seed=truth.seed,
        mails=truth.mails,
        lacking=dict(truth.lacking),
        by_operation=by_operation,
        by_class=by_class,
        false_items=measures.false_items(truth, best, seen),
        chances=measures.chances(truth, best, then),
        order=measures.order(truth, lines, best),
        set_aside=measures.set_aside(truth, findings),
        worst=measures.worst(truth, lines, best, findings)[:worst],
        plants=measures.found_plants(truth, findings, spoken, lines),
        told_clean=told_clean(findings, truth),
        items=truth.items,
    )


def main(arguments: list[str] | None = None) -> int:
    """Score, and write Markdown to standard output or both forms to files."""
    parser = argparse.ArgumentParser(prog="python -m samples.score", description=__doc__)
    parser.add_argument("planted", type=Path, metavar="PLANTED", help="folder that samples.plant wrote")
    parser.add_argument("case", type=Path, metavar="CASE", help="case of `forensics scan PLANTED/leak`")
    parser.add_argument("--before", type=Path, metavar="CASE", help="case of a scan of PLANTED/before")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all measures there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there, not to the screen")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="false lines to show (default 10)")
    asked = parser.parse_args(arguments)
    try:
        found = score(asked.planted, asked.case, asked.before, asked.worst)
    except ForensicsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if asked.json:
        asked.json.write_text(json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = files.markdown(found) if found.items == "files" else markdown(found)
    if asked.markdown:
        asked.markdown.write_text(page, encoding="utf-8")
    elif not asked.json:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
