"""``python -m samples.pairs CLEAN... OUT``: how often the comparison accuses copies that are lawful by construction."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec

from forensics.checks.case import copy_claims, reference_differs
from forensics.engine.measuring.counts import digest
from forensics.knowledge.clean_scores import ScoreRow
from forensics.model.comparing import ComparedItem, Comparison, line_of
from forensics.model.items import Limits
from forensics.model.locations import Location
from forensics.model.measuring import Count
from forensics.model.rows import messages
from forensics.model.rules import Context, Rule
from forensics.relations.comparing.mails import compare_mails
from forensics.relations.comparing.reading import read_mail
from forensics.report.measured import rates_csv
from forensics.stages.grading.origin import ERA_BORDER
from samples.planting.archive import Stored, read
from samples.planting.lawful import FORMS
from samples.planting.lawful.form import Form

CORPUS = "made copies"
_CONTEXT = Context(as_of=0)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A clean mail and a copy of it, compared."""

    form: str
    cause: str
    path: str
    """Of the clean mail."""
    sha256: str
    """Of the copy."""
    sender: str
    era: str
    route: str
    bin: str
    """Of `case.reference_differs`; empty where all that differs is lawful."""
    claims: str
    """Bin of `case.copy_claims`; empty where no claim differs."""
    differences: tuple[tuple[str, str, str, str], ...]
    """What nothing lawful explains: kind, name, value in the mail, value in the copy."""


_RULES: tuple[tuple[Rule, Callable[[Pair], str]], ...] = (
    (reference_differs.RULE, lambda pair: pair.bin),
    (copy_claims.RULE, lambda pair: pair.claims),
)
"""Rules that are counted, each with the bin in which it reports a pair."""


def main(arguments: list[str] | None = None) -> int:
    """Make pairs of each form, compare them, and write what was found."""
    asked = _parser().parse_args(arguments)
    mails = [mail for folder in asked.clean for mail in read(folder).mails]
    if not mails:
        sys.stderr.write("no mail in " + ", ".join(map(str, asked.clean)) + "\n")
        return 2
    forms = [form for form in FORMS if not asked.form or form.name in asked.form]
    pairs = [pair for form in forms for pair in made(form, mails, asked.pairs, asked.seed)]
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "rates.csv").write_text(rates_csv(counts(pairs, asked.corpus)), encoding="utf-8")
    (asked.out / "clean_scores.csv").write_text(",".join(ScoreRow.__struct_fields__) + "\n", encoding="utf-8")
    hits = [json.dumps(msgspec.to_builtins(pair), ensure_ascii=False) + "\n" for pair in pairs if pair.bin]
    (asked.out / "hits.jsonl").write_text("".join(hits), encoding="utf-8")
    sys.stdout.write(table(pairs))
    return 0


def made(form: Form, mails: Sequence[Stored], wanted: int, seed: str) -> Iterator[Pair]:
    """Yield so many pairs of a form, from mails in a seeded order; fewer where not enough mails can take it."""
    drawn = list(mails)
    Random(f"{seed} {form.name}").shuffle(drawn)
    for mail in drawn:
        copy = form.make(mail, Random(f"{seed} {form.name} {mail.path}")) if wanted else None
        if copy is not None:
            wanted -= 1
            yield _compared(form, mail, copy)


def _compared(form: Form, mail: Stored, copy: bytes) -> Pair:
    found = compare_mails(mail.data, copy)
    said = _bins(found, mail.data, copy)
    message = read_mail(copy, Limits()).message
    row = messages.row_of("", message)
    era = "any" if row.arrived is None else "before2010" if row.arrived < ERA_BORDER else "from2010"
    return Pair(
        form=form.name,
        cause=form.cause,
        path=mail.path,
        sha256=sha256(copy).hexdigest(),
        sender=mail.sender,
        era=era,
        route="list" if message.from_list else "direct" if message.trace else "exported",
        bin=said[0],
        claims=said[1],
        differences=tuple([(one.kind, one.name, one.one.value, one.other.value) for one in found.unexplained]),
    )


def _bins(found: Comparison, original: bytes, copy: bytes) -> tuple[str, str]:
    """Return the bins in which the two rules report a pair; empty where one does not."""
    items = [ComparedItem(sha256=sha256(data).hexdigest(), location=Location(())) for data in (original, copy)]
    if found.identical or not found.unexplained:
        return "", ""
    line = msgspec.json.encode(line_of(found, items[0], items[1], "given")).decode()
    differing = reference_differs.Row(sha256=items[1].sha256, compared=line)
    claimed = copy_claims.Row(sha256=items[0].sha256, compared=line, both_traced=True, one_way=True)
    told = next(copy_claims.check((claimed,), _CONTEXT), None)
    return next(reference_differs.check((differing,), _CONTEXT)).bin, told.bin if told is not None else ""


def counts(pairs: Sequence[Pair], corpus: str) -> list[Count]:
    """Return a row for each bin of both rules, by era and route of the copies."""
    items, found = digest(pair.sha256 for pair in pairs), []
    for era, route in sorted({(pair.era, pair.route) for pair in pairs}):
        powered = [pair for pair in pairs if (pair.era, pair.route) == (era, route)]
        for rule, said in _RULES:
            for one in [one for one in rule.bins if one.name != "untraced"]:  # all copies have a way to compare
                hits = [pair for pair in powered if said(pair) == one.name]
                row = Count(
                    rule=rule.id,
                    version=rule.version,
                    bin=one.name,
                    corpus=corpus,
                    era=era,
                    route=route,
                    hits=len(hits),
                    n=len(powered),
                    series=len({pair.sender for pair in hits}),
                    series_n=len({pair.sender for pair in powered}),
                    items=items,
                )
                found.append(row)
    return found


def table(pairs: Sequence[Pair]) -> str:
    """Return how many pairs of each form are lawful, and in which bins the others are."""
    lines = [f"{'form':<26} {'cause':<10} {'pairs':>6} {'lawful':>6}  differ"]
    forms = dict.fromkeys((pair.form, pair.cause) for pair in pairs)
    for name, cause in [*forms, ("all", "")]:
        of_form = [pair for pair in pairs if name in (pair.form, "all")]
        bins = Counter(pair.bin for pair in of_form)
        lawful = bins.pop("", 0)
        told = ", ".join([f"{one} {n}" for one, n in bins.most_common()])
        lines.append(f"{name:<26} {cause:<10} {len(of_form):>6} {lawful:>6}  {told}".rstrip())
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples.pairs", description=__doc__)
    parser.add_argument("clean", type=Path, nargs="+", metavar="CLEAN", help="folder of clean mails, or one mbox file")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for rates.csv, clean_scores.csv and hits.jsonl")
    parser.add_argument("--seed", default="1", help="same seed, same copies")
    parser.add_argument("--pairs", type=int, default=250, metavar="N", help="pairs of each form (default 250)")
    parser.add_argument("--form", action="append", default=[], choices=[form.name for form in FORMS], metavar="NAME")
    parser.add_argument("--corpus", default=CORPUS, help=f"name in the rows (default {CORPUS!r})")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
