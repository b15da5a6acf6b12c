"""Processor time of parsing all mails of a folder with other parsers, and no more than parsing.

    python -m tests.bench.peers FOLDER [PARSER]

mail-parser is measured where it is installed (``pip install mail-parser``).
"""

import email
import importlib
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

MAIL_PARSER, EMAIL = "mail-parser", "email"


def _parsers() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    yield EMAIL, email.message_from_bytes
    try:
        mailparser = importlib.import_module("mailparser")
    except ImportError:
        return
    yield MAIL_PARSER, lambda raw: mailparser.parse_from_bytes(raw).mail


def cpu_s(parse: Callable[[bytes], object], mails: list[bytes]) -> float:
    """Return CPU seconds of parsing all mails in this process."""
    start = time.process_time()
    for raw in mails:
        try:
            parse(raw)
        except Exception:  # noqa: BLE001  what a peer refuses costs it no more time
            continue
    return time.process_time() - start


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    raws = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*.eml"))]
    found = {name: cpu_s(parse, raws) for name, parse in _parsers() if name in sys.argv[2:] or not sys.argv[2:]}
    sys.stdout.write(json.dumps(found))
