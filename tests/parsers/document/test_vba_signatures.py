"""What is told of signatures of macros; whether they hold is not."""

import struct
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import ole2, ooxml
from tests import signed_documents as made
from tests.parsers.document.office_packages import office
from tests.parsers.document.ole2_files import blob, old
from tests.parsers.places import Layers, kept

DIGEST = bytes(range(16))
STAMPED = datetime(2017, 3, 6, 10, 0, 5, tzinfo=UTC)
_DATA, _TIME, _COUNTER = "2a864886f70d010702", "2a864886f70d010905", "2a864886f70d010906"


def der(tag: int, *parts: bytes) -> bytes:
    held = b"".join(parts)
    size = len(held)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + held


def oid(number: str) -> bytes:
    return der(0x06, bytes.fromhex(number))


def attribute(number: str, value: bytes) -> bytes:
    return der(0x30, oid(number), der(0x31, value))


def message() -> bytes:
    """A signature as Office makes it for macros: what it states, a certificate, who signed, a server's answer."""
    encoded = made.certificate(made.rsa_key(), issuer="Example CA")
    read = x509.load_der_x509_certificate(encoded)
    serial = der(0x02, read.serial_number.to_bytes(20, "big"))
    identified = der(0x30, read.issuer.public_bytes(), serial)
    hashed = der(0x30, oid("2a864886f70d0205"), der(0x05))
    stated = der(0x30, der(0x30, oid("2b060104018237020130"), der(0x04, b"")), der(0x30, hashed, der(0x04, DIGEST)))
    moment = der(0x17, STAMPED.strftime("%y%m%d%H%M%SZ").encode())
    answer = der(0x30, der(2, b"\1"), identified, hashed, der(0xA0, attribute(_TIME, moment)), der(4, b"value"))
    signer = der(
        0x30, der(2, b"\1"), identified, hashed, hashed, der(4, b"value"), der(0xA1, attribute(_COUNTER, answer))
    )
    held = (der(2, b"\1"), der(0x31, hashed), der(0x30, oid("2b060104018237020104"), der(0xA0, stated)))
    return der(0x30, oid(_DATA), der(0xA0, der(0x30, *held, der(0xA0, encoded), der(0x31, signer))))


def serialized(base: int = 0) -> bytes:
    signed = message()
    head = struct.pack("<9I", len(signed), 36 + base, 0, 36 + base + len(signed), 0, 0, 0, 0, 0)
    return (struct.pack("<II", 36 + len(signed), 8) if base else b"") + head + signed


def parsed(data: bytes, parser: object) -> tuple[DocumentFacts, list[Notice]]:
    found = list(parser.parse(MemoryBytes(data), Location(()), ParseContext(limits=Limits())))  # type: ignore[attr-defined]
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return facts, [one for one in found if isinstance(one, Notice)]


def in_package(signature: bytes) -> bytes:
    return office("word", {"word/document.xml": "<w/>"}, written={"word/vbaProjectSignature.bin": signature})


@pytest.mark.parametrize("base", [0, 8])
@pytest.mark.parametrize("old_format", [False, True])
def test_who_signed_macros_when_and_what(base: int, old_format: bool) -> None:
    blobbed = serialized(base)
    data = old(document={24: blob(blobbed)}) if old_format else in_package(blobbed)
    facts, notices = parsed(data, ole2 if old_format else ooxml)
    said = {one.name: one.value for one in facts.properties if one.name.startswith("vba.")}
    assert said == {
        "vba.signature": "DigSig" if old_format else "word/vbaProjectSignature.bin",
        "vba.signature_digest": DIGEST.hex(),
        "vba.signature_signer": "Anna Example",
        "vba.signature_issuer": "Example CA",
        "vba.signature_valid": "2017-02-04 to 2017-12-31",
    }
    (stamp,) = [one for one in facts.timestamps if one.kind is TimeKind.SIGNATURE_STAMPED]
    assert stamp.instant == int(STAMPED.timestamp()) * 10_000_000
    area = "ole2" if old_format else "ooxml"
    assert [one.code for one in notices if "signature" in one.code] == [f"{area}.signature_untested"]
    layers = Layers(MemoryBytes(data))
    for value in (*[one for one in facts.properties if one.name.startswith("vba.")], stamp):
        for one in kept(value):
            assert layers.quoted(one.locator) == one.raw
    assert facts.signatures == (), "it is no signature of the document"


@settings(max_examples=40)
@given(st.integers(0, 1500), st.binary(min_size=1, max_size=4))
def test_damage_never_breaks_out(at: int, other: bytes) -> None:
    signature = bytearray(serialized())
    signature[at : at + len(other)] = other
    facts, _ = parsed(in_package(bytes(signature)), ooxml)
    assert any(one.name == "vba.signature" for one in facts.properties)
