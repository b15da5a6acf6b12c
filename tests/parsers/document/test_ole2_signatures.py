"""Signatures over the streams of old Office documents; the package's are in `test_signatures`."""

import struct
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.authenticity.certificates import names
from forensics.authenticity.document_signatures import tested as tried
from forensics.model.byte_sources import MemoryBytes
from forensics.model.document_signatures import DigestOutcome, DocumentSignature
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.signed_parts import PartOutcome
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import ole2
from tests import signed_documents as made
from tests.parsers.document.ole2_files import EPOCH, old, slides, word, workbook

BINARY = "?ContentType=application/octet-stream"
SIGNED_AT = 1_488_794_400


def parsed(data: bytes) -> tuple[DocumentFacts, list[Notice]]:
    found = list(ole2.parse(MemoryBytes(data), Location(()), ParseContext(limits=Limits())))
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return tried(facts), [one for one in found if isinstance(one, Notice)]


def signed(streams: Mapping[str, bytes], changed: Mapping[str, bytes] | None = None) -> bytes:
    """A document whose streams were signed as Office does; *changed*: what was written after that."""
    over = {name: data for name, data in streams.items() if not name.startswith("\5")}
    listed = "".join([made.reference(f"/{_spelled(name)}{BINARY}", data) for name, data in over.items()])
    xml = made.signature({}, listed)
    return old({**streams, **(changed or {}), "_xmlsignatures": {"17963": xml}})


def _spelled(name: str) -> str:
    return "".join([f"&amp;#{ord(one)};" if ord(one) < 32 else one for one in name])


def outcomes(signature: DocumentSignature) -> dict[str, DigestOutcome]:
    return {one.name: one.outcome for one in signature.parts}


def test_a_signed_document_holds_until_a_stream_is_another() -> None:
    written = {**word(), "\1CompObj": b"kind" * 9}
    facts, _ = parsed(signed(written))  # type: ignore[arg-type]
    (one,) = facts.signatures
    assert one.verdict.outcome is PartOutcome.HOLDS and one.verdict.signer == "Anna Example"
    assert set(outcomes(one)) == {"WordDocument", "1Table", "&#1;CompObj"}
    assert set(one.uncovered) == {"&#5;SummaryInformation", "&#5;DocumentSummaryInformation"}
    (time,) = [stamp for stamp in facts.timestamps if stamp.kind is TimeKind.DOCUMENT_SIGNED]
    assert time.raw == b"2017-03-06T10:00:00Z"
    body = bytearray(written["WordDocument"])  # type: ignore[arg-type]
    body[1030] ^= 1
    (other,) = parsed(signed(written, {"WordDocument": bytes(body)}))[0].signatures  # type: ignore[arg-type]
    assert other.verdict.outcome is PartOutcome.ALTERED and other.verdict.made_by_key
    assert outcomes(other)["WordDocument"] is DigestOutcome.OTHER


def test_who_opened_a_workbook_is_not_signed_and_the_rest_of_it_is_left_untested() -> None:
    def book(user: str, cells: bytes = b"") -> dict[str, bytes]:
        return {"Workbook": workbook(user, cells=cells)}

    skipped = workbook("Ada Lind").replace(workbook("Ada Lind")[24:136], b"")
    assert len(workbook("Ada Lind")) - len(skipped) == 112
    xml = made.signature({}, made.reference(f"/Workbook{BINARY}", skipped))
    for user in ("Ada Lind", "Cem Oz"):
        (one,) = parsed(old({**book(user), "_xmlsignatures": {"1": xml}}))[0].signatures
        assert one.verdict.outcome is PartOutcome.HOLDS
    changed = book("Ada Lind", cells=b"\x03\x02\x0e\0" + bytes(14))
    (one,) = parsed(old({**changed, "_xmlsignatures": {"1": xml}}))[0].signatures
    assert one.verdict.outcome is PartOutcome.UNTESTED and outcomes(one)["Workbook"] is DigestOutcome.UNTESTED


def test_who_saved_a_presentation_may_be_left_out_but_not_its_slides() -> None:
    shown = slides("The price is 100.")
    (one,) = parsed(signed(shown, {"Current User": b"\0" * 40}))[0].signatures  # type: ignore[arg-type]
    assert outcomes(one) == {"PowerPoint Document": DigestOutcome.SAME, "Current User": DigestOutcome.UNTESTED}
    (one,) = parsed(signed(shown, slides("The price is 900.")))[0].signatures  # type: ignore[arg-type]
    assert outcomes(one)["PowerPoint Document"] is DigestOutcome.OTHER


def test_older_signatures_are_told_with_their_time_and_not_tested() -> None:
    others = bytes(10)
    head = struct.pack("<IIIQQ", 200, 8, 8, 0, SIGNED_AT * 10_000_000 + EPOCH)
    stream = struct.pack("<I", len(others)) + others + bytes(4) + head + bytes(200)
    facts, notices = parsed(old({**word(), "_signatures": stream}))
    assert [one.code for one in notices if "signature" in one.code] == ["ole2.signature_untested"]
    assert [one.value for one in facts.properties if one.name == "ole2.signature_older"] == ["_signatures"]
    (time,) = [stamp for stamp in facts.timestamps if stamp.kind is TimeKind.DOCUMENT_SIGNED]
    assert time.instant == SIGNED_AT * 10_000_000 and facts.signatures == ()


@settings(max_examples=20)
@given(st.binary(max_size=80))
def test_any_bytes_in_either_place(data: bytes) -> None:
    facts, _ = parsed(old({**word(), "_signatures": data, "_xmlsignatures": {"1": data}}))
    assert facts.format == "ole2.word"


def test_a_name_with_letters_that_its_type_has_not_is_read() -> None:
    encoded = bytearray(made.certificate(made.rsa_key(), "anna@example.org"))
    at = encoded.index(b"anna@example.org")
    assert encoded[at - 2] == 0x0C
    while at > 0:
        encoded[at - 2] = 0x13
        at = encoded.find(b"anna@example.org", at + 1)
    read = names(bytes(encoded))
    assert read is not None and read.name == "anna@example.org" and read.encoded == bytes(encoded)
