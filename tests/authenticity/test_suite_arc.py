"""ValiMail's suite of ARC chains: 175 messages, each with the verdict of a verifier that has the keys of the suite."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from forensics.authenticity.chain import REASONS, Chain, judge_chain
from forensics.authenticity.judging import Keys, judge
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322

NOT_STATED = {
    "cv_fail_i1_as_cv_fail": ("fail", "claimed_fail", 1),
    "cv_fail_i2_as2_fail": ("fail", "claimed_fail", 2),
    "cv_fail_i2_as1_fail": ("fail", "wrong_claim", 1),
}
"""Tests whose verdict the suite leaves empty, and what is said of them."""
REASON_OF = {
    "ams_fields_a_sha1": "algorithm",
    "ams_fields_bh_mod_body": "body_altered",
    "ams_fields_b_mod_headers1": "header_altered",
    "ams_fields_b_mod_sig": "other_key",
    "ams_fields_h_includes_as": "signs_seal",
    "ams_format_tags_sc": "malformed",
    "as_fields_b_512": "refused_key",
    "as_fields_b_ams1": "header_altered",
    "as_struct_dup": "repeated_field",
    "aar_i_not_prefixed": "incomplete_set",
    "cv_fail_i2_as2_none": "wrong_claim",
    "public_key_na": "no_key",
}


class Case(NamedTuple):
    """One test of the suite."""

    name: str
    message: bytes
    expected: str
    keys: Keys


def cases(text: str) -> Iterator[Case]:
    """Read as much of YAML as the suite has: documents of tests, and the keys that they share."""
    for document in re.split(r"(?m)^---.*\n", text):
        tests, _, records = document.partition("\ntxt-records:\n")
        keys: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
        for name, written in re.findall(r"(?m)^  ([\w.]+): >-\n((?:    .*\n?)+)", records):
            selector, _, domain = name.partition("._domainkey.")
            record = " ".join(written.split()).encode()
            keys[domain, selector] = [(name, read_record(record))]
        for name, body in re.findall(r"(?m)^  (\w+):\n((?:    .*\n|\s*\n)+)", tests + "\n"):
            message = re.search(r"(?m)^    message: +\|\n((?:      .*\n|\s*\n)*)", body)
            expected = re.search(r"(?m)^    cv: *(\w*)", body)
            assert message is not None and expected is not None, name
            raw = re.sub(r"(?m)^      ", "", message[1]).rstrip("\n") + "\n"
            yield Case(name, raw.encode(), expected[1].lower(), keys)


def judged(case: Case) -> Chain:
    found = rfc5322.parse(MemoryBytes(case.message), Location(()), ParseContext())
    message = next(one for one in found if isinstance(one, Message))
    return judge_chain([(one, judge(one, case.keys)) for one in message.signatures])


def test_every_verdict(suites: Path) -> None:
    text = (suites / "arc-valimail" / "tests" / "arc-draft-validation-tests.yml").read_text(encoding="utf-8")
    read = list(cases(text))
    assert (len(read), len({case.name for case in read})) == (175, 171)
    outcomes = [(case, judged(case)) for case in read]
    assert [(case.name, case.expected, one) for case, one in outcomes if case.expected not in ("", one.outcome)] == []
    unstated = {case.name: (one.outcome, one.reason, one.instance) for case, one in outcomes if not case.expected}
    assert unstated == NOT_STATED
    said = {case.name: one for case, one in outcomes}
    assert {name: said[name].reason for name in REASON_OF} == REASON_OF
    assert {chain.reason for chain in said.values()} - {""} <= set(REASONS)
    seal = next(link for link in said["as_fields_h_present"].links if link.kind == "as")
    assert (seal.outcome, seal.reason) == ("fail", "malformed")
    assert said["cv_pass_i2_1_ams1_invalid"].oldest_pass == 2
    assert Counter(chain.oldest_pass for chain in said.values() if chain.outcome == "pass")[0] > 50
