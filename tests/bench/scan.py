"""CPU time of a whole scan against the parse-only time of other mail parsers, in one run, as ratios.

    python tests/bench/scan.py FOLDER [--runs 3]

FOLDER holds mails (``*.eml``). The scan's figure is the CPU time of all its processes, start-up, tables and case rules
included. mail-parser is measured when it is installed (``pip install mail-parser``).
"""

import argparse
import email
import importlib
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def scan_cpu(folder: Path) -> float:
    """CPU seconds of one scan with all its processes."""
    with tempfile.TemporaryDirectory() as work:
        before = _children_cpu()
        command = [sys.executable, "-c", "from forensics.cli import main; main()", "scan", str(folder)]
        subprocess.run([*command, "--case", f"{work}/case", "--no-progress"], check=False, stdout=subprocess.DEVNULL)
        return _children_cpu() - before


def _peers() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    yield "email, parse", email.message_from_bytes
    try:
        mailparser = importlib.import_module("mailparser")
    except ImportError:
        return
    yield "mail-parser, parse", lambda raw: mailparser.parse_from_bytes(raw).mail


def peer_cpu(parse: Callable[[bytes], object], mails: list[bytes]) -> float:
    """CPU seconds of parsing all mails in this process."""
    start = time.process_time()
    for raw in mails:
        try:
            parse(raw)
        except Exception:  # noqa: BLE001  what a peer refuses costs it no more time
            continue
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    mails = [path.read_bytes() for path in sorted(asked.folder.rglob("*.eml"))]
    size = sum(map(len, mails)) / len(mails)
    sys.stdout.write(f"{len(mails):,} mails of {size:,.0f} bytes, {os.cpu_count()} processors\n")
    ratios: dict[str, list[float]] = {}
    for _ in range(asked.runs):
        ours = scan_cpu(asked.folder)
        sys.stdout.write(f"scan, all processes          {ours / len(mails) * 1e6:8.0f} us a mail\n")
        for name, parse in _peers():
            theirs = peer_cpu(parse, mails)
            ratios.setdefault(name, []).append(ours / theirs)
            sys.stdout.write(f"{name:28} {theirs / len(mails) * 1e6:8.0f} us a mail, ratio {ours / theirs:.2f}\n")
    for name, found in ratios.items():
        sys.stdout.write(f"median ratio to {name}: {sorted(found)[len(found) // 2]:.2f}\n")


if __name__ == "__main__":
    main()
