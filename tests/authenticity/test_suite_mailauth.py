"""mailauth's fixtures. Their keys are those of one mail; of the others the body hashes can be judged, and the order of
their seals."""

import json
from pathlib import Path

import pytest

from forensics.authenticity.chain import judge_chain
from forensics.authenticity.judging import judge, of_body
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322

CHAINS = {
    "arc-fail": ("fail", "no_key", 2),
    "arc-fail2": ("fail", "no_key", 2),
    "arc-fail3": ("fail", "claimed_fail", 2),
    "arc-pass": ("fail", "no_key", 2),
    "arc-pass2": ("fail", "no_key", 2),
    "authtest": ("fail", "no_key", 1),
    "bimi": ("fail", "no_key", 1),
    "message1": ("none", "", 0),
    "message2": ("none", "", 0),
    "message3": ("fail", "no_key", 1),
    "message4": ("none", "", 0),
    "zbimi": ("fail", "no_key", 1),
    "zproov": ("none", "", 0),
}
"""Without a key nothing but the structure and the claims of a chain can be judged."""


def message_of(path: Path) -> Message:
    found = rfc5322.parse(MemoryBytes(path.read_bytes()), Location(()), ParseContext())
    return next(one for one in found if isinstance(one, Message))


def records(suite: Path) -> dict[str, bytes]:
    """Key records by the name at which DNS has them."""
    found: dict[str, bytes] = {}
    for file in (suite / "examples" / "dns-cache.json", suite / "test" / "dkim" / "ec" / "fixtures" / "dns.json"):
        for name, record in json.loads(file.read_text(encoding="utf-8")).items():
            if "._domainkey." in name:
                found[name] = "".join(record["TXT"][0]).encode()
    return found


def keys_of(suite: Path) -> dict[tuple[str, str], list[tuple[str, KeyRecord]]]:
    keys: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    for name, record in records(suite).items():
        selector, _, domain = name.partition("._domainkey.")
        keys[domain, selector] = [(name, read_record(record))]
    return keys


def test_every_stated_body_hash_holds(suites: Path) -> None:
    files = sorted((suites / "mailauth" / "test" / "fixtures").glob("*.eml"))
    read = {file.stem: message_of(file) for file in files}
    bodies = [of_body(one) for message in read.values() for one in message.signatures if one.kind != "as"]
    assert (len(bodies), set(bodies)) == (37, {"holds"})
    assert all(not one.faults for message in read.values() for one in message.signatures)
    chains = {name: judge_chain([(one, None) for one in message.signatures]) for name, message in read.items()}
    assert {name: (one.outcome, one.reason, one.instance) for name, one in chains.items()} == CHAINS


def test_signatures_of_two_kinds_of_key_hold(suites: Path) -> None:
    keys = keys_of(suites / "mailauth")
    assert sorted(keys) == [("football.example.com", "brisbane"), ("football.example.com", "test")]
    message = message_of(suites / "mailauth" / "test" / "dkim" / "ec" / "fixtures" / "signed.eml")
    judged = [judge(one, keys) for one in message.signatures]
    assert [(one.opened.outcome, one.body, one.limits) for one in judged if one is not None] == [
        ("holds", "holds", ("published",)),
        ("holds", "holds", ("published",)),
    ]
    assert [one.algorithm for one in message.signatures] == ["ed25519-sha256", "rsa-sha256"]


def test_dkimpy_says_the_same(suites: Path) -> None:
    dkim = pytest.importorskip("dkim")
    known = records(suites / "mailauth")
    raw = (suites / "mailauth" / "test" / "dkim" / "ec" / "fixtures" / "signed.eml").read_bytes()
    for data in (raw, raw.replace(b"Subject: ", b"Subject: other ")):
        # Its Ed25519 needs another library.
        said = dkim.DKIM(data).verify(idx=1, dnsfunc=lambda name, **_: known.get(name.decode().rstrip(".")))
        read = rfc5322.parse(MemoryBytes(data), Location(()), ParseContext())
        message = next(one for one in read if isinstance(one, Message))
        judged = judge(message.signatures[1], keys_of(suites / "mailauth"))
        assert judged is not None and (judged.opened.outcome == "holds") is said is (data is raw)
