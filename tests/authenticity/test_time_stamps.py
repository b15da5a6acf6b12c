"""Time-stamp tokens: what their own signatures are for, and who may have made them."""

import datetime
import hashlib
import re

import pytest

from forensics.model.document_signatures import SignatureVerdict
from forensics.model.signed_parts import Issued
from tests import signed_documents as made
from tests.authenticity.test_document_signatures import only

pytest.importorskip("pyhanko")
TRUE, FALSE = made.DAY, datetime.datetime(2011, 1, 1, tzinfo=datetime.UTC)
XML = made.signature(made.PARTS)
(VALUE,) = re.findall(rb"<SignatureValue>.*</SignatureValue>", XML)
SPACES = f'<SignatureValue xmlns="{made.D}" xmlns:mdssi="{made.MDSSI}">'.encode()
IMPRINT = hashlib.sha256(VALUE.replace(b"<SignatureValue>", SPACES)).digest()
OWN = made.certificate(made.rsa_key(), "Example Stamps")
OID = bytes.fromhex("060b2a864886f70d0109100104")


def stamped(token: bytes) -> SignatureVerdict:
    held = f"<EncapsulatedTimeStamp>{made.b64(token)}</EncapsulatedTimeStamp>"
    more = f"<Object><SignatureTimeStamp>{held}</SignatureTimeStamp></Object></Signature>".encode()
    return only(made.signed({made.SIGNATURE: XML.replace(b"</Signature>", more)})).verdict


def test_a_token_that_holds_says_whose_it_is_and_who_vouches_for_it() -> None:
    one = stamped(made.token(made.stamp_info(IMPRINT, TRUE), OWN))
    assert (one.stamped, one.stamper) == (int(TRUE.timestamp()), "Common Name: Example Stamps")
    assert one.stamper_issued is Issued.NOBODY


def test_a_time_among_what_nobody_signs_is_not_the_tokens() -> None:
    """A token of a server, for something else, that shows another time and the digest of this signature first."""
    info = made.stamp_info(IMPRINT, FALSE)
    octets = b"\x04" + bytes([len(info)]) + info
    shown = OID + b"\xa0" + bytes([len(octets)]) + octets
    before = b"\x30" + (b"" if len(shown) < 128 else b"\x81") + bytes([len(shown)]) + shown
    for imprint, time in ((bytes(32), FALSE), (IMPRINT, TRUE), (bytes(32), TRUE)):
        one = stamped(made.token(made.stamp_info(imprint, time), OWN, before))
        assert (one.stamped, one.stamper, one.stamper_issued) == (int(FALSE.timestamp()), "", None)


def test_another_kind_of_signature_is_no_token() -> None:
    info = made.stamp_info(IMPRINT, TRUE)
    octets = b"\x04" + bytes([len(info)]) + info
    shown = OID + b"\xa0" + bytes([len(octets)]) + octets
    one = stamped(made.token(info, OWN, b"\x30" + bytes([len(shown)]) + shown, content="1.2.840.113549.1.7.1"))
    assert (one.stamped, one.stamper) == (int(TRUE.timestamp()), "")
