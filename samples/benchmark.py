"""``python -m samples.benchmark OUT --archive NAME=DIR``: plant, scan and score clean archives, one page for all."""

import argparse
import sys
from pathlib import Path

from forensics import RecoverOptions, ScanOptions, recover_keys, scan
from samples import plant, score
from samples.planting.scenarios import SCENARIOS
from samples.scoring.pooled import markdown


def main(arguments: list[str] | None = None) -> int:
    """Run a scenario on each archive, each judged with the rates of the other corpora."""
    asked = _parser().parse_args(arguments)
    archives = [name.partition("=")[::2] for name in asked.archive]
    scores = []
    for place, (name, folder) in enumerate(archives):
        out = asked.out / asked.scenario / name
        elsewhere = archives[(place + 1) % len(archives)][1]
        line = [folder, str(out), "--seed", asked.seed, "--per-op", str(asked.per_op), "--mails", str(asked.mails)]
        line += ["--scenario", asked.scenario, "--elsewhere", elsewhere, "--before"]
        line += ["--spam", str(asked.spam)] if asked.spam else []
        if plant.main(line):
            return 2
        for leak, case in (("leak", "case"), ("before", "case-before")):
            _judge(out, leak, case, asked, f"{name} sample")
        cases = [str(out), str(out / "case"), "--before", str(out / "case-before")]
        score.main([*cases, "--json", str(out / "score.json"), "--markdown", str(out / "score.md")])
        scores.append(score.score(out, out / "case", out / "case-before"))
    page = asked.out / f"{asked.scenario}.md"
    page.write_text(markdown(scores), encoding="utf-8")
    sys.stdout.write(page.read_text(encoding="utf-8"))
    return 0


def _judge(out: Path, leak: str, case: str, asked: argparse.Namespace, corpus: str) -> None:
    """Scan a leak, with the keys that were given and those that stood in DNS for what the planter signed."""
    keys = (*asked.dkim_keys, out / "keys.tsv") if asked.dkim_keys else ()
    scan([out / leak], out / case, ScanOptions(leave_out=(corpus,), dkim_keys=keys))
    if asked.recover_keys:
        recover_keys(out / case, RecoverOptions(seconds=asked.recover_keys))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples.benchmark", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for leaks, cases, scores and the page")
    parser.add_argument(
        "--archive", action="append", required=True, metavar="NAME=DIR", help="clean mails; 'NAME sample' is left out"
    )
    parser.add_argument("--scenario", choices=(*SCENARIOS, "mixed"), default="ops")
    parser.add_argument("--spam", type=Path, metavar="DIR", help="spam for the scenario mixed")
    parser.add_argument(
        "--mails",
        type=int,
        default=3000,
        metavar="M",
        help="mails of each archive, whole threads (default 3000)",
    )
    parser.add_argument("--per-op", type=int, default=10, metavar="N", help="plants of each operation (default 10)")
    parser.add_argument(
        "--dkim-keys",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="key file or folder, given to every scan with the keys that the planter signed with",
    )
    parser.add_argument(
        "--recover-keys",
        type=float,
        default=0,
        metavar="SECONDS",
        help="compute keys from each case for so long, and judge it again",
    )
    parser.add_argument("--seed", default="1")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
