"""S/MIME signatures, verified at the mail's own time with nothing but what the mail carries."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.authenticity import smime
from forensics.errors import NotInstalled
from forensics.model.signed_parts import Issued, PartOutcome
from tests.signed_by_authors import ANNA, AT, PART, certificate, cms, of_one_name

pytest.importorskip("pyhanko")
SENT = int(AT.timestamp())
YEAR = 366 * 86_400


@pytest.fixture
def known_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Example Root is one that browsers trust."""
    file = tmp_path / "roots.pem"
    root = certificate("Example Root", "Example Root", days=3000)
    file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setattr("certifi.where", lambda: str(file))
    smime.roots.cache_clear()
    yield
    smime.roots.cache_clear()


def test_a_signature_that_holds_says_who_signed_and_when() -> None:
    verdict = smime.verify(PART, cms(PART), SENT)
    assert verdict.outcome is PartOutcome.HOLDS
    assert verdict.form == "as_is"
    assert verdict.digest_name == "sha256"
    assert verdict.signers == (ANNA,)
    assert verdict.issuer == "Common Name: Example Root"
    assert verdict.issued is Issued.ISSUER
    assert verdict.time == SENT
    assert verdict.valid_from == SENT - 30 * 86_400
    assert verdict.valid_until == SENT + 30 * 86_400
    assert len(verdict.key) == 64


def test_line_ends_of_an_archive_count_as_those_that_were_sent() -> None:
    assert smime.verify(PART.replace(b"\r\n", b"\n"), cms(PART), SENT).outcome is PartOutcome.HOLDS


def test_white_space_at_the_end_of_lines_may_be_gone() -> None:
    verdict = smime.verify(PART.replace(b"ten.", b"ten. "), cms(PART), SENT)
    assert (verdict.outcome, verdict.form) == (PartOutcome.HOLDS, "trailing_space")


def test_a_changed_word_shows() -> None:
    verdict = smime.verify(PART.replace(b"ten", b"two"), cms(PART), SENT)
    assert (verdict.outcome, verdict.form) == (PartOutcome.ALTERED, "")
    assert verdict.signers == (ANNA,)


def test_a_changed_word_shows_without_the_certificate() -> None:
    from asn1crypto import cms as asn1

    content = asn1.ContentInfo.load(cms(PART))
    content["content"]["certificates"] = []
    bare = content.dump(force=True)
    assert smime.verify(PART, bare, SENT).outcome is PartOutcome.NO_KEY
    assert smime.verify(PART.replace(b"ten", b"two"), bare, SENT).outcome is PartOutcome.ALTERED


def test_a_changed_time_of_signing_is_not_what_the_key_signed() -> None:
    changed = cms(PART).replace(b"170306100000Z", b"160306100000Z")
    verdict = smime.verify(PART, changed, SENT)
    assert verdict.outcome is PartOutcome.OTHER_KEY
    assert verdict.time != SENT


def test_a_certificate_that_signs_itself_is_issued_by_nobody() -> None:
    verdict = smime.verify(PART, cms(PART, issuer=ANNA), SENT)
    assert (verdict.outcome, verdict.issued) == (PartOutcome.HOLDS, Issued.NOBODY)


@pytest.mark.usefixtures("known_root")
def test_a_root_counts_at_the_mails_own_time() -> None:
    assert smime.verify(PART, cms(PART), SENT).issued is Issued.KNOWN_ROOT
    late = smime.verify(PART, cms(PART), SENT + YEAR)
    assert (late.outcome, late.issued) == (PartOutcome.HOLDS, Issued.ISSUER)
    assert smime.verify(PART, cms(PART, issuer="Another Root"), SENT).issued is Issued.ISSUER


@pytest.mark.usefixtures("known_root")
def test_without_the_mails_time_that_of_the_signature_counts() -> None:
    assert smime.verify(PART, cms(PART), None).issued is Issued.KNOWN_ROOT


def test_content_inside_the_signature() -> None:
    assert smime.verify(None, cms(PART, inside=True), SENT).outcome is PartOutcome.HOLDS
    changed = cms(PART, inside=True).replace(b"at ten", b"at two")
    assert smime.verify(None, changed, SENT).outcome is PartOutcome.ALTERED
    assert smime.verify(None, cms(PART), SENT).outcome is PartOutcome.UNREADABLE


@pytest.mark.parametrize("count", [0, 2])
def test_none_or_several_signers_are_not_read(count: int) -> None:
    verdict = smime.verify(PART, cms(PART, signers=count), SENT)
    assert verdict.outcome is PartOutcome.UNREADABLE
    assert verdict.reason == f"{count} signers in one signature, not one"


def test_issuers_of_one_name_are_not_tried_in_every_order() -> None:
    from asn1crypto import cms as asn1
    from asn1crypto import x509 as asn1_x509

    content = asn1.ContentInfo.load(cms(PART, issuer="Loop"))
    for one in of_one_name("Loop", 12):
        encoded = one.public_bytes(serialization.Encoding.DER)
        content["content"]["certificates"].append(asn1_x509.Certificate.load(encoded))
    before = time.process_time()
    assert smime.verify(PART, content.dump(force=True), SENT).outcome is PartOutcome.HOLDS
    assert time.process_time() - before < 5


def test_no_signature_at_all() -> None:
    assert smime.verify(PART, b"", SENT).outcome is PartOutcome.UNREADABLE
    assert smime.verify(PART, b"Hello", SENT).outcome is PartOutcome.UNREADABLE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, 1_500), byte=st.integers(0, 255))
def test_a_damaged_signature_never_raises(place: int, byte: int) -> None:
    damaged = bytearray(cms(PART))
    damaged[place % len(damaged)] = byte
    assert isinstance(smime.verify(PART, bytes(damaged), SENT).outcome, PartOutcome)


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhanko.sign.validation.generic_cms", None)
    with pytest.raises(NotInstalled, match=r"tainted-leak-forensics\[smime\]"):
        smime.verify(PART, b"", SENT)


OFFLINE = """
import sys
from pathlib import Path
from forensics.authenticity import smime
import pyhanko.sign.validation.generic_cms, certifi

opened = []
sys.addaudithook(lambda event, arguments: opened.append(event) if event.startswith("socket.") else None)
verdict = smime.verify(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes(), 1488794400)
print(verdict.outcome, opened)
"""


def test_no_socket_is_opened(tmp_path: Path) -> None:
    part, signature = tmp_path / "part", tmp_path / "signature"
    part.write_bytes(PART)
    signature.write_bytes(cms(PART))
    ran = subprocess.run([sys.executable, "-c", OFFLINE, part, signature], capture_output=True, text=True, check=True)
    assert ran.stdout == "holds []\n"
    assert not ran.stderr
