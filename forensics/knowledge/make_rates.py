"""Put measured counts and scores into the shipped tables: ``python -m forensics.knowledge.make_rates DIR...``.

Each DIR is what ``forensics measure FOLDER --not-clean FILE --output DIR`` wrote, with ``--by-file`` or without. Its
rows take the place of all rows of its corpus and rules; the other rows stay, those of the knowledge base among them.
Rows of routes on whose mail a rule never gives a bin are left out (``[not_counted]`` of ``rates.toml``).
"""

import csv
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from forensics.knowledge.clean_scores import ScoreRow
from forensics.knowledge.combined import CountedRow, MeetingRow
from forensics.knowledge.rates import UNSOLICITED, RateRow, not_counted

MEASURED = ("mail.", "case.")
OF_DOCUMENTS = (
    "case.author_habits",
    "case.batch_touch",
    "case.document_created_after_mail",
    "case.document_differs",
    "case.lineage_dates",
    "case.pasted_passage",
    "case.reference_document",
    "case.same_save_differs",
)
"""What is counted on mail corpora; but the few documents of lists are no measure of an office's."""


def shipped(row: Mapping[str, str]) -> bool:
    """Whether a measured row goes into the tables."""
    rule = row["rule"]
    return rule.startswith(MEASURED) and rule not in OF_DOCUMENTS and row["route"] not in not_counted(rule, row["bin"])


def merged(old: Iterable[dict[str, str]], new: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of one rule with those of new corpora in the place of the old ones, by bin and corpus."""
    taken = list(new)
    replaced = {row["corpus"] for row in taken}
    kept = [row for row in old if row["corpus"] not in replaced]
    return sorted([*kept, *taken], key=lambda row: (row["bin"], row["corpus"], row["era"], row["route"]))


def in_place(old: Iterable[dict[str, str]], new: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the scores of corpora in their order, those of new ones in the place of the old ones or at the end."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in old:
        found.setdefault(row["corpus"], []).append(row)
    taken: dict[str, list[dict[str, str]]] = {}
    for row in new:
        taken.setdefault(row["corpus"], []).append(row)
    return [row for rows in (found | taken).values() for row in rows]


def _rows_of(folders: Iterable[str], name: str) -> list[dict[str, str]]:
    """Return the rows of a file of all folders that have it."""
    held = [Path(folder) / name for folder in folders if (Path(folder) / name).exists()]
    return [row for path in held for row in _read(path)]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folders: list[str]) -> None:
    """Rewrite the tables of ``counts/``, ``clean_scores.csv`` and those of what meets, beside this file."""
    here = Path(__file__).parent
    counted: dict[str, list[dict[str, str]]] = {}
    spam = set()
    for row in _rows_of(folders, "rates.csv"):
        if row["route"] == UNSOLICITED:
            spam.add(row["corpus"])
        if shipped(row):
            counted.setdefault(row.pop("rule"), []).append(row)
    for row in _rows_of(folders, "file_rates.csv"):
        counted.setdefault(row.pop("rule"), []).append(row)
    for rule, new in counted.items():
        table = here / "counts" / f"{rule}.csv"
        _write(table, RateRow.__struct_fields__[1:], merged(_read(table) if table.exists() else (), new))
    reached = _rows_of(folders, "clean_scores.csv")
    scores = [row for row in reached if row["corpus"] not in spam]
    _write(here / "clean_scores.csv", ScoreRow.__struct_fields__, in_place(_read(here / "clean_scores.csv"), scores))
    _meetings(here, [Path(folder) for folder in folders], spam)


def _meetings(here: Path, folders: Sequence[Path], spam: Container[str]) -> None:
    """Rewrite the tables of what meets on clean mail: no corpus keeps a row of an older count."""
    held = [folder for folder in folders if (folder / "combined.csv").exists()]
    counted = [row for folder in held for row in _read(folder / "combined.csv") if row["corpus"] not in spam]
    met = [row for folder in held for row in _read(folder / "combined_met.csv") if row["corpus"] not in spam]
    again = {row["corpus"] for row in counted}
    if not again:
        return
    for name, kind, new in (("combined.csv", CountedRow, counted), ("combined_met.csv", MeetingRow, met)):
        rows = [row for row in _read(here / name) if row["corpus"] not in again] + new
        _write(here / name, kind.__struct_fields__, sorted(rows, key=lambda row: (row["corpus"], *row.values())))


if __name__ == "__main__":
    main(sys.argv[1:])
