"""``python -m samples.plant CLEAN OUT``: plant labelled taints in clean mail, or in clean files."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from samples.planting.archive import Archive, read
from samples.planting.hand import Entry, Leak
from samples.planting.keys import table
from samples.planting.scenarios import SCENARIOS, mixed
from samples.planting.threads import draw

MODIFIED = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
"""Of every file, so that no file's time tells what was planted."""


def main(arguments: list[str] | None = None) -> int:
    """Read a clean archive, plant, write the leak, its labels and the keys that stand for DNS."""
    asked = _parser().parse_args(arguments)
    rng = Random(asked.seed)
    if asked.scenario == "files":
        return _plant_files(asked, rng)
    archive = read(asked.clean)
    if not archive.mails:
        sys.stderr.write(f"no mail in {asked.clean}\n")
        return 2
    drawn = draw(archive.mails, asked.mails, rng) if asked.mails else archive.mails
    archive = Archive(
        tuple(sorted(drawn, key=lambda mail: mail.path)),
        elsewhere=read(asked.elsewhere).mails if asked.elsewhere else (),
        skipped=archive.skipped,
        seed=asked.seed,
    )
    if asked.scenario == "mixed":
        leak = mixed(archive, rng, asked.per_op, read(asked.spam).mails if asked.spam else ())
    else:
        leak = SCENARIOS[asked.scenario](archive, rng, asked.per_op)
    _write_labelled(leak, asked, rng, "mails")
    (asked.out / "keys.tsv").write_text(table(leak.keys), encoding="ascii")
    if asked.before:
        _write_before([(mail.data, ".eml") for mail in archive.mails], asked.out / "before")
    return 0


def _plant_files(asked: argparse.Namespace, rng: Random) -> int:
    """Plant in a folder of files."""
    # The writers of files are asked for by this scenario alone.
    from samples.planting.files import folder, hand

    clean = folder.read(asked.clean, asked.mails, rng)
    if not clean.files:
        sys.stderr.write(f"no Office file in {asked.clean}\n")
        return 2
    left_out = hand.left_out()
    for program in sorted(set(left_out.values())):
        names = ", ".join([name for name, needed in left_out.items() if needed == program])
        sys.stderr.write(f"{program} is not installed; not planted: {names}\n")
    _write_labelled(hand.files(clean, rng, asked.per_op), asked, rng, "files")
    if asked.before:
        _write_before([(file.data, file.suffix) for file in clean.files], asked.out / "before")
    return 0


def _write_labelled(leak: Leak, asked: argparse.Namespace, rng: Random, items: str) -> None:
    """Write the leak and its labels; *items* is what it consists of."""
    labels, count = write(leak, asked.out, rng)
    head = {"scenario": asked.scenario, "seed": asked.seed, "source": asked.clean.resolve().name, items: count}
    held = {**head, "not_applicable": leak.lacking, "labels": labels}
    (asked.out / "labels.json").write_text(json.dumps(held, indent=1, ensure_ascii=False), encoding="utf-8")
    kinds = [label["kind"] for label in labels]
    print(
        f"{count} {items} in {asked.out / 'leak'}:",
        *[f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)],
    )


def _write_before(clean: Sequence[tuple[bytes, str]], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, (data, suffix) in enumerate(clean):
        (folder / f"{number:06d}{suffix}").write_bytes(data)
        os.utime(folder / f"{number:06d}{suffix}", (MODIFIED, MODIFIED))


def write(leak: Leak, out: Path, rng: Random) -> tuple[list[dict[str, object]], int]:
    """Write the mails or files under numbers that tell nothing; return the labels and the count of files."""
    folder = out / "leak"
    folder.mkdir(parents=True)
    numbers = list(range(len(leak.entries)))
    rng.shuffle(numbers)
    paths = {
        entry.origin: f"{number:06d}{entry.suffix}"
        for entry, number in zip(leak.entries, numbers, strict=True)
        if entry.origin
    }
    bodies = {entry.origin: entry.data for entry in leak.entries if entry.origin}
    labels, count = [], 0
    for entry, number in zip(leak.entries, numbers, strict=True):
        path = f"{number:06d}{entry.suffix}" if entry.data else ""
        if path:
            (folder / path).write_bytes(entry.data)
            os.utime(folder / path, (MODIFIED, MODIFIED))
            count += 1
        if entry.kind:
            labels.append(_label(entry, path, paths.get(entry.donor, ""), bodies.get(entry.donor, b"")))
    return sorted(labels, key=lambda label: (str(label["kind"]), str(label["key"]))), count


def _label(entry: Entry, path: str, donor: str, donor_data: bytes) -> dict[str, object]:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "operation": entry.operation,
        "cls": entry.cls,
        "path": path,
        "sha256": sha256(entry.data).hexdigest() if path else "",
        "items": list(entry.items),
        "changed": entry.changed,
        "donor": donor,
        "donor_sha256": sha256(donor_data).hexdigest() if donor else "",
        "before_sha256": entry.before,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples.plant", description=__doc__)
    parser.add_argument(
        "clean",
        type=Path,
        metavar="CLEAN",
        help="folder of clean mails, or one mbox file; with the scenario files: folder of Office files",
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="new folder: OUT/leak, OUT/labels.json, OUT/keys.tsv")
    parser.add_argument("--seed", default="1", help="same seed, same bytes")
    parser.add_argument("--per-op", type=int, default=10, metavar="N", help="plants of each operation (default 10)")
    parser.add_argument("--mails", type=int, default=0, metavar="M", help="draw M mails in whole threads, or M files")
    parser.add_argument("--scenario", choices=(*SCENARIOS, "mixed", "files"), default="ops")
    parser.add_argument("--spam", type=Path, metavar="DIR", help="spam for the scenario mixed")
    parser.add_argument("--before", action="store_true", help="also OUT/before: the same mails, nothing planted")
    parser.add_argument("--elsewhere", type=Path, metavar="DIR", help="clean mails of another archive (O-32, O-39)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
