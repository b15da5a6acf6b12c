"""Put measured counts and scores into the shipped tables: ``python -m forensics.knowledge.make_rates DIR...``.

Each DIR is what ``forensics measure FOLDER --not-clean FILE --output DIR`` wrote. Its rows take the place of all rows
of its corpus and rules; the other rows stay, those of the knowledge base among them.
"""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from forensics.knowledge.clean_scores import ScoreRow
from forensics.knowledge.rates import UNSOLICITED, RateRow

MEASURED = ("mail.", "case.")
OF_DOCUMENTS = ("case.batch_touch", "case.document_created_after_mail")
"""What is counted on mail corpora; but the few documents of lists are no measure of an office's."""


def merged(old: Iterable[dict[str, str]], new: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of a table with those of new corpora in the place of the old ones, by rule, bin and corpus."""
    taken = [row for row in new if row["rule"].startswith(MEASURED) and row["rule"] not in OF_DOCUMENTS]
    replaced = {(row["rule"], row["corpus"]) for row in taken}
    kept = [row for row in old if (row["rule"], row["corpus"]) not in replaced]
    order = {rule: place for place, rule in enumerate(dict.fromkeys(row["rule"] for row in (*kept, *taken)))}
    return sorted(
        [*kept, *taken], key=lambda row: (order[row["rule"]], row["bin"], row["corpus"], row["era"], row["route"])
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folders: list[str]) -> None:
    """Rewrite ``rates.csv`` and ``clean_scores.csv`` beside this file."""
    here = Path(__file__).parent
    counts = [row for folder in folders for row in _read(Path(folder) / "rates.csv")]
    _write(here / "rates.csv", RateRow.__struct_fields__, merged(_read(here / "rates.csv"), counts))
    spam = {row["corpus"] for row in counts if row["route"] == UNSOLICITED}
    reached = [row for folder in folders for row in _read(Path(folder) / "clean_scores.csv")]
    scores = [row for row in reached if row["corpus"] not in spam]
    new = {row["corpus"] for row in scores}
    old = [row for row in _read(here / "clean_scores.csv") if row["corpus"] not in new]
    _write(here / "clean_scores.csv", ScoreRow.__struct_fields__, [*old, *scores])


if __name__ == "__main__":
    main(sys.argv[1:])
