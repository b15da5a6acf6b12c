"""Labels of real signatures against what the same keys say here."""

import csv
from collections import Counter
from pathlib import Path

from forensics.authenticity.judging import judge, of_body
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322

AGREE = {
    ("pass", "holds", "holds"): 1758,
    ("fail-header", "altered", "holds"): 4,
    ("fail-body", "altered", "altered"): 1,
    ("no-key", "", "holds"): 424,
    ("no-key", "", "altered"): 3,
    ("not-rsa", "", "holds"): 57,
}
EXPLAINED = {("fail-header", "other_key", "holds"): 1}
"""The label says that the header fails; the signature does not open, so that the key is not that of its time."""


def test_labels_agree(corpora: Path) -> None:
    keys: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    with (corpora / "keys" / "dkim_keys.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = row["domain"].lower(), row["selector"].lower()
            keys.setdefault(name, []).append((row["selector"], read_record(b"p=" + row["p"].encode())))
    found: Counter[tuple[str, str, str]] = Counter()
    with (corpora / "labels-dkim.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            said = signatures(corpora / row["path"], row["domain"], row["selector"], row["algorithm"], keys)
            assert len(set(said)) == 1, row
            found[row["result"], *said[0]] += 1
    assert dict(found) == AGREE | EXPLAINED


def signatures(
    path: Path, domain: str, selector: str, algorithm: str, keys: dict[tuple[str, str], list[tuple[str, KeyRecord]]]
) -> list[tuple[str, str]]:
    """Return header and body of each signature that a label may be about; some mails have two alike."""
    read = rfc5322.parse(MemoryBytes(path.read_bytes()), Location(()), ParseContext())
    message = next(one for one in read if isinstance(one, Message))
    said: list[tuple[str, str]] = []
    for one in message.signatures:
        if (one.kind, one.domain, one.selector, one.algorithm) == ("dkim", domain.lower(), selector, algorithm):
            judged = judge(one, keys)
            said.append((judged.opened.outcome if judged else "", of_body(one)))
    return said
