"""The leak as a whole: determinism, labels, manifest, nothing real in it."""

import hashlib
import json
import re
import time
import tomllib
from email.header import decode_header, make_header
from email.utils import getaddresses
from ipaddress import ip_address, ip_network
from pathlib import Path

from forensics._demo.leak.build import build
from forensics._demo.leak.people import LIST_NAME, PEOPLE
from forensics.checks import RULES

HERE = Path(__file__).parent
RESERVED = [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
TOP_LEVEL = re.compile(r"\b[a-z0-9-]+\.(?:com|org|net|eu|info|fr|io|de|uk|gov|edu)\b", re.IGNORECASE)
SCHEMAS = ("schemas.openxmlformats.org", "schemas.microsoft.com", "purl.org", "www.w3.org", "ns.adobe.com")


def test_same_seed_same_bytes(leak, tmp_path):
    started = time.perf_counter()
    again = build(tmp_path)
    assert time.perf_counter() - started < 3
    assert again == leak.labels
    for name in ("leak.zip", "keys.tsv", "labels.json"):
        assert (tmp_path / name).read_bytes() == (leak.folder / name).read_bytes()
    assert (tmp_path / "leak.zip").stat().st_mtime == (leak.folder / "leak.zip").stat().st_mtime


def test_other_seed_other_bytes_same_shape(leak, tmp_path):
    other = build(tmp_path, seed=7)
    assert other.sha256 != leak.labels.sha256
    assert [(label.key, label.rules) for label in other.of("taint")] == [
        (label.key, label.rules) for label in leak.labels.of("taint")
    ]


def test_size(leak):
    assert leak.labels.size == (leak.folder / "leak.zip").stat().st_size < 3_000_000
    assert len(leak.mails) == leak.labels.mails == 238


def test_every_label_is_there(leak):
    digests = {item.sha256 for item in leak.items}
    paths = {(item.path, item.sha256) for item in leak.items}
    assert len(leak.labels.of("taint")) == 18 and len(leak.labels.of("lure")) == 1
    for label in leak.labels.labels:
        assert (f"leak.zip > {label.path}", label.sha256) in paths
        assert not label.carrier or label.carrier in digests
        assert set(label.rules) <= set(RULES)
        assert bool(label.operations) == (label.kind == "taint")
    keys = [label.key for label in leak.labels.labels]
    assert len(keys) == len(set(keys))


def test_labels_file_is_the_return_value(leak):
    stored = json.loads((leak.folder / "labels.json").read_text(encoding="utf-8"))
    assert stored == json.loads(leak.labels.json())
    assert (stored["captured"], stored["released"]) == ("2017-04-24", "2017-05-05")


def test_manifest(leak):
    """Every planted item of the default seed stands in the manifest with its digest, and nothing else does."""
    manifest = tomllib.loads((HERE / "manifest.toml").read_text(encoding="utf-8"))["sample"]
    assert {row["key"] for row in manifest} == {
        "leak",
        "keys",
        *[label.key for label in leak.labels.of("taint")],
        "spam/1/treasurer",
    }
    for row in manifest:
        assert row["made"] and row["licence"] == "CC0-1.0"
        if row["key"] in ("leak", "keys"):
            name = "leak.zip" if row["key"] == "leak" else "keys.tsv"
            assert row["sha256"] == hashlib.sha256((leak.folder / name).read_bytes()).hexdigest()
            continue
        label = leak.label(row["key"])
        assert (row["sha256"], tuple(row["rules"]), row["expected"]) == (
            label.sha256,
            label.rules,
            label.kind == "taint",
        )


def test_only_reserved_domains_and_addresses(leak):
    for item in leak.mails:
        text = re.sub(r"=\r?\n", "", item.data.decode("latin-1"))
        words = re.sub(r"(?m)^[A-Za-z0-9+/=]{60,}\s*$", "", text)
        for host in re.findall(r"@([A-Za-z0-9.-]+\.[A-Za-z]+)", words):
            assert host.endswith((".example", ".test")), (item.path, host)
        assert not TOP_LEVEL.search(words), (item.path, TOP_LEVEL.search(words))
        for address in re.findall(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])", item.header.decode("latin-1")):
            before = text[: text.index(address)]
            assert before.endswith("id ") or any(ip_address(address) in network for network in RESERVED), address
        for address in re.findall(r"[(\[](2001:[0-9a-f:]+)", text):
            assert ip_address(address) in RESERVED[3]


def test_documents_name_only_schemas(leak):
    for item in leak.items:
        if item.is_mail or item.path.endswith((".zip", ".mbox", ".jpg")):
            continue
        for host in re.findall(rb"https?://([^/\"<> )]+)", item.data):
            assert host.decode() in SCHEMAS, (item.path, host)


def test_only_the_invented_cast(leak):
    names = {person.name for person in PEOPLE.values()} | {LIST_NAME}
    for item in leak.mails:
        for field in ("From", "To", "Cc"):
            for name, _ in getaddresses([str(make_header(decode_header(text))) for text in item.fields(field)]):
                assert not name or name in names
