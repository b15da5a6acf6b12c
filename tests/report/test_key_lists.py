"""Keys for the terminal."""

import io

import pytest
from rich.console import Console

from forensics.authenticity.chain import REASONS, UNKNOWN
from forensics.authenticity.limits import LIMITS
from forensics.knowledge.wording import Wording
from forensics.model.authentication import BodyOutcome, HeaderOutcome
from forensics.model.items import Notice
from forensics.model.key_lines import AtHand, KeyUse, SignatureVerdict
from forensics.model.keys import KeyFile
from forensics.model.rows.chains import ChainRow
from forensics.report import key_lists, signatures


def shown(renderable: object) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(renderable)
    return out.getvalue()


@pytest.mark.parametrize("held", AtHand)
def test_who_is_asked_for_what_is_missing(held: AtHand) -> None:
    use = KeyUse(
        **{"domain": "a.example", "selector": "s", "algorithm": "rsa-sha256", "signatures": 2, "mails": 2, "first": ""},
        **{"last": "", "at_hand": held, "opened": 0, "decides": 2, "organization": "a.example", "platform": "Big"},
    )
    text = shown(key_lists.coverage([use]))
    assert ("Ask: Big, which signs for others" in text) == (held in (AtHand.NONE, AtHand.OTHER))


def test_every_limit_and_outcome_has_words() -> None:
    assert len(signatures.limits(LIMITS, Wording("en")).split("; ")) == len(LIMITS)
    for header in ("", *HeaderOutcome):
        for body in ("", *BodyOutcome):
            verdict = SignatureVerdict(
                **{"sha256": "", "kind": "dkim", "index": 0, "domain": "a.example", "selector": "\x1b[1m"},
                **{"algorithm": "rsa-sha256", "header": header, "body": body, "origin": "", "aligned": False},
                limits=("testing",),
            )
            text = shown(signatures.lines([verdict]))
            assert "\x1b" not in text
            assert ("only tests signing" in text) == ("not that of From" in text) == (header == "holds")


@pytest.mark.parametrize("reason", ["", *REASONS])
def test_every_reason_of_a_chain_has_words(reason: str) -> None:
    outcome = "pass" if not reason else "unknown" if reason in UNKNOWN else "fail"
    text = shown(signatures.lines([], ChainRow(sha256="", outcome=outcome, reason=reason, sets=2, claimed="pass")))
    assert text.startswith("ARC chain of 2 sets: ")
    assert {"pass": "holds; ", "fail": "does not hold, ", "unknown": "cannot be judged, "}[outcome] in text


def test_a_file_says_what_it_did_not_give() -> None:
    notice = Notice(code="keys.entry", text="line 2: no record")
    file = KeyFile(name="k\x1b", sha256="", form="zone", taken=0, other=1, refused=3, notices=(notice,))
    first, second, third = key_lists.files([file])
    assert first.endswith(": no key, 3 entries gave none, 1 other record") and "\x1b" not in first
    assert (second, third) == ("  line 2: no record", "  2 more that are not listed")
