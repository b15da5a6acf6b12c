"""What the parsers tell of digital signatures; `tests/authenticity/test_document_signatures.py` has the verdicts."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.authenticity.document_signatures import tested as tried
from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.document_signatures import DigestOutcome, DocumentSignature
from forensics.model.documents import DocumentFacts
from forensics.model.facts import ClockKind
from forensics.model.items import Budget, Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.signed_parts import PartOutcome
from forensics.model.time_kinds import TimeKind
from forensics.parsers.document import _signatures, _time_stamps, odf, ooxml
from tests import signed_documents as made
from tests.parsers.places import Layers, kept

WHERE = Location(())


def parsed(
    data: bytes, parser: object = ooxml, context: ParseContext | None = None
) -> tuple[DocumentFacts, list[Notice]]:
    found = list(parser.parse(MemoryBytes(data), WHERE, context or ParseContext(limits=Limits())))  # type: ignore[attr-defined]
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return facts, [one for one in found if isinstance(one, Notice)]


def only(data: bytes) -> DocumentSignature:
    (found,) = parsed(data)[0].signatures
    return found


def test_what_a_signature_says_of_its_making() -> None:
    data = made.signed()
    facts, notices = parsed(data)
    assert notices == []
    said = [(one.name.removeprefix("ooxml.signature_"), one.value) for one in facts.properties]
    assert [one for one in said if not one[0].startswith("ooxml")] == [
        ("comments", "agreed"),
        ("windows_version", "10.0"),
        ("office_version", "16.0.9330/14"),
        ("monitors", "2"),
        ("reference", "#idPackageObject sha256 same"),
        ("reference", "#idOfficeObject sha256 same"),
        ("reference", "_rels/.rels sha256 same"),
        ("reference", "word/document.xml sha256 same"),
        ("uncovered", "word/styles.xml"),
        ("uncovered", "docProps/core.xml"),
    ]
    (time,) = [one for one in facts.timestamps if one.kind is TimeKind.DOCUMENT_SIGNED]
    assert (time.raw, time.clock) == (b"2017-03-06T10:00:00Z", ClockKind.APPLICATION)
    layers = Layers(MemoryBytes(data))
    for value in (*facts.properties, *facts.timestamps):
        for one in kept(value):
            assert layers.quoted(one.locator) == one.raw, one
    assert len({one.locator.path for one in facts.properties}) == len(facts.properties)


def test_what_is_not_among_the_signed_is_no_claim() -> None:
    xml = made.signature(made.PARTS)
    stray = b"<Object><SigningTime>2011-01-01T00:00:00Z</SigningTime></Object></Signature>"
    facts, _ = parsed(made.signed({made.SIGNATURE: xml.replace(b"</Signature>", stray)}))
    (one,) = facts.signatures
    assert one.claimed is not None and one.claimed.raw == b"2017-03-06T10:00:00Z"
    assert [time.raw for time in facts.timestamps if time.kind is TimeKind.XADES_SIGNED] == [b"2011-01-01T00:00:00Z"]


XSLT = '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></Transform>'
TWICE = f'<Transform Algorithm="{made.C14N}"></Transform>' * 2


@pytest.mark.parametrize(
    ("uri", "transforms", "reason"),
    [
        ("/word/styles.xml", XSLT, "xslt"),
        ("/word/styles.xml", TWICE, "not applied"),
        ("/word/styles.xml", '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"></Transform>', "base64"),
        ("http://example.test/a.xml", "", "outside"),
        ("file:///etc/passwd", "", "outside"),
    ],
)
def test_what_is_never_run_or_fetched_is_untested(uri: str, transforms: str, reason: str) -> None:
    one = only(made.signed(references=made.reference(uri, b"<styles/>", transforms=transforms)))
    (part,) = one.parts
    assert part.outcome is DigestOutcome.UNTESTED and reason in part.reason


def test_canonical_forms_of_parts_are_compared() -> None:
    written = b"<styles></styles>"  # the part is <styles/>
    plain = f'<Transform Algorithm="{made.C14N}"></Transform>'
    one = only(made.signed(references=made.reference("/word/styles.xml", written, transforms=plain)))
    assert [part.outcome for part in one.parts] == [DigestOutcome.SAME]
    doctype = b'<!DOCTYPE styles [<!ENTITY e "x">]><styles>&e;</styles>'
    one = only(
        made.signed(
            {"word/styles.xml": doctype}, references=made.reference("/word/styles.xml", written, transforms=plain)
        )
    )
    assert [(part.outcome, part.reason) for part in one.parts] == [
        (DigestOutcome.UNTESTED, "it declares a document type")
    ]


def test_an_unknown_hash_is_said() -> None:
    whirlpool = made.reference("/word/styles.xml", b"<styles/>").replace(made.DIGESTS["sha256"], "urn:whirlpool")
    (part,) = only(made.signed(references=whirlpool)).parts
    assert (part.outcome, part.method, part.reason) == (
        DigestOutcome.UNTESTED,
        "urn:whirlpool",
        "the hash urn:whirlpool is not known",
    )


def test_a_signature_in_another_folder_is_found_by_its_relationships() -> None:
    parts = {
        **made.PARTS,
        "_rels/.rels": made.PARTS["_rels/.rels"].replace(b"_xmlsignatures/origin.sigs", b"/package/services/o.psdsor"),
        "package/services/o.psdsor": b"",
        "package/services/_rels/o.psdsor.rels": made.PARTS["_xmlsignatures/_rels/origin.sigs.rels"].replace(
            b"sig1.xml", b"xml-signature/s.psdsxs"
        ),
        "package/services/xml-signature/s.psdsxs": b"",
    }
    parts = {name: data for name, data in parts.items() if not name.startswith("_xmlsig")}
    parts["package/services/xml-signature/s.psdsxs"] = made.signature(parts)
    one = only(made.zipped(parts))
    assert one.part == "package/services/xml-signature/s.psdsxs"
    assert all(part.outcome is DigestOutcome.SAME for part in one.references)
    assert one.uncovered == ("word/styles.xml", "docProps/core.xml")


def test_one_to_which_nothing_leads_is_read_and_an_origin_without_one_is_told() -> None:
    orphan = made.signed({"_xmlsignatures/_rels/origin.sigs.rels": None})
    assert only(orphan).part == made.SIGNATURE
    facts, _ = parsed(made.signed({made.SIGNATURE: None}))
    assert facts.signatures == ()
    assert [one.value for one in facts.properties if one.name == "ooxml.signature_origin"] == [
        "_xmlsignatures/origin.sigs"
    ]


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        (f'<Signature xmlns="{made.D}"/>', "no SignedInfo"),
        (f'<Signature xmlns="{made.D}"><SignedInfo/><SignatureValue>AA==</SignatureValue></Signature>', "none"),
        (
            f'<Signature xmlns="{made.D}" xml:lang="en"><SignedInfo><CanonicalizationMethod Algorithm="{made.C14N}"/>'
            "</SignedInfo><SignatureValue>!</SignatureValue></Signature>",
            "xml: attributes",
        ),
    ],
)
def test_a_broken_signature_says_why_it_is_not_tested(xml: str, problem: str) -> None:
    facts, notices = parsed(made.signed({made.SIGNATURE: xml.encode()}))
    (one,) = facts.signatures
    assert problem in one.problem
    assert [notice.code for notice in notices] == ["ooxml.signature_untested"]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signatures, "MOST_REFERENCES", 1)
    one = only(made.signed())
    assert "more than 1 parts" in one.problem and len(list(one.parts)) == 1
    monkeypatch.setattr(_signatures, "MOST_SIGNATURES", 0)
    facts, notices = parsed(made.signed())
    assert facts.signatures == () and [one.code for one in notices] == ["ooxml.signature_limit"]
    monkeypatch.setattr(_signatures, "MAX_BYTES", 10)
    assert [one.code for one in parsed(made.signed())[1]] == ["ooxml.signature_limit"]


def test_a_name_that_two_members_have_is_untested() -> None:
    twice = made.zipped({**made.PARTS, made.SIGNATURE: made.signature(made.PARTS), "word/Document.xml": b"<other/>"})
    (_, part) = only(twice).parts
    assert (part.outcome, part.reason) == (DigestOutcome.UNTESTED, "several members have this name")


def test_manifests_that_are_signed_twice_count_once() -> None:
    more = made.reference("#idPackageObject", b"") * 30
    one = only(made.signed(more=more))
    assert [part.name for part in one.parts] == ["_rels/.rels", "word/document.xml"]
    assert len([part for part in one.references if part.inside]) == 20


def test_a_part_beyond_the_budget_is_untested() -> None:
    limits = Limits(expansion=40_000, expansion_ratio=1)
    big = b"<styles>" + b" " * 60_000 + b"</styles>"
    data = made.zipped(
        {**made.PARTS, "word/styles.xml": big}
        | {made.SIGNATURE: made.signature(made.PARTS, made.reference("/word/styles.xml", big))}
    )
    facts, _ = parsed(data, context=ParseContext(limits=limits, budget=Budget(limits, len(data))))
    (part,) = next(iter(facts.signatures)).parts
    assert part.outcome is DigestOutcome.UNTESTED and "more than" in part.reason


def test_a_document_without_signatures_loads_nothing_for_them() -> None:
    plain = {name: data for name, data in made.PARTS.items() if "_xmlsig" not in name}
    plain["_rels/.rels"] = plain["_rels/.rels"].replace(b"digital-signature/origin", b"other")
    code = (
        "import sys\nfrom forensics.model.byte_sources import MemoryBytes\n"
        "from forensics.model.items import Limits, ParseContext\nfrom forensics.model.locations import Location\n"
        "from forensics.parsers.document import ooxml\n"
        "list(ooxml.parse(MemoryBytes(sys.stdin.buffer.read()), Location(()), ParseContext(limits=Limits())))\n"
        "print([name for name in sys.modules if '_signature_' in name or name.startswith('cryptography')])"
    )
    asked = subprocess.run([sys.executable, "-c", code], input=made.zipped(plain), capture_output=True, check=True)
    assert asked.stdout.strip() == b"[]"


CONTENT = b"<office:document-content xmlns:office='urn:o'><office:body/></office:document-content>"


def odf_package(*, changed: bool = False, manifest: bytes = b"<manifest/>") -> bytes:
    """An OpenDocument text, signed as LibreOffice signs: each part is a reference of the signature itself."""
    canonical = b'<office:document-content xmlns:office="urn:o"><office:body></office:body></office:document-content>'
    step = f'<Transform Algorithm="{made.C14N}"></Transform>'
    listed = made.reference("content.xml", canonical, transforms=step)
    listed += made.reference("mimetype", b"application/vnd.oasis.opendocument.text")
    properties = (
        f'<SignatureProperties xmlns="{made.D}"><SignatureProperty Id="ID_1" Target="#ID_0">'
        '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2017-03-06T11:00:00,5</dc:date></SignatureProperty>'
        "</SignatureProperties>"
    )
    signed = properties[properties.index("<SignatureProperty ") : properties.index("</SignatureProperties>")]
    in_scope = signed.replace("<SignatureProperty ", f'<SignatureProperty xmlns="{made.D}" ')
    listed += made.reference("#ID_1", in_scope.encode())
    info = (
        f'<CanonicalizationMethod Algorithm="{made.C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{made.MORE}rsa-sha256"></SignatureMethod>{listed}</SignedInfo>'
    )
    value = made.b64(made.by_rsa(f'<SignedInfo xmlns="{made.D}">{info}'.encode()))
    key = made.x509_data(made.certificate(made.rsa_key()))
    xml = (
        '<document-signatures xmlns="urn:oasis:names:tc:opendocument:xmlns:digitalsignature:1.0">'
        f'<Signature xmlns="{made.D}" Id="ID_0"><SignedInfo>{info}<SignatureValue>{value}</SignatureValue>'
        f"<KeyInfo>{key}</KeyInfo><Object>{properties}</Object></Signature></document-signatures>"
    )
    return made.zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": CONTENT.replace(b"body", b"text") if changed else CONTENT,
            "meta.xml": b"<meta/>",
            "META-INF/manifest.xml": manifest,
            "META-INF/documentsignatures.xml": xml.encode(),
        },
        method=0,
    )


def test_open_document_signatures() -> None:
    facts, notices = parsed(odf_package(), odf)
    (one,) = tried(facts).signatures
    assert one.verdict.outcome is PartOutcome.HOLDS and one.uncovered == ("meta.xml", "META-INF/manifest.xml")
    assert [time.raw for time in facts.timestamps if time.kind is TimeKind.DOCUMENT_SIGNED] == [
        b"2017-03-06T11:00:00,5"
    ]
    assert notices == [] and one.claimed is not None and one.claimed.wall == 14_887_980_005_000_000
    changed = tried(parsed(odf_package(changed=True), odf)[0])
    (one,) = changed.signatures
    assert one.verdict.outcome is PartOutcome.ALTERED
    assert [part.name for part in one.references if part.differs] == ["content.xml"]
    assert [fact.value for fact in changed.properties if fact.name == "odf.signature_outcome"] == [
        "altered content.xml is other"
    ]


def test_parts_that_are_stored_encrypted_are_untested() -> None:
    facts, _ = parsed(odf_package(changed=True, manifest=b"<manifest><encryption-data/></manifest>"), odf)
    (one,) = facts.signatures
    assert {part.outcome for part in one.parts} == {DigestOutcome.UNTESTED}


TOKEN = (
    bytes.fromhex(
        "060b2a864886f70d0109100104a0520450304e020101" + "06022a03" + "3031300d060960864801650304020105000420"
    )
    + bytes(32)
    + b"\x02\x01\x05\x18\x0f20170306100000Z"
)


def test_the_time_of_a_token() -> None:
    token = _time_stamps.read(b"0" + TOKEN)
    assert token is not None and token.imprint == bytes(32) and token.time.offset_s == 0
    assert token.time.instant == 14_887_944_000_000_000
    assert _time_stamps.read(TOKEN.replace(b"20170306", b"20171366")) is None
    assert _time_stamps.read(b"nothing") is None


@given(st.integers(0, len(TOKEN) - 1), st.integers(1, 255))
def test_a_damaged_token_says_something_or_nothing(at: int, change: int) -> None:
    damaged = bytearray(TOKEN)
    damaged[at] ^= change
    found = _time_stamps.read(bytes(damaged))
    assert found is None or isinstance(found.imprint, bytes)


XML = made.signature(made.PARTS)


PACKAGE = made.signed()


@settings(deadline=None)
@given(st.integers(0, len(PACKAGE) - 1), st.integers(1, 255))
def test_damage_of_the_package_never_breaks_out(at: int, change: int) -> None:
    damaged = bytearray(PACKAGE)
    damaged[at] ^= change
    try:
        facts, _ = parsed(bytes(damaged))
    except ParseError:
        return
    for one in tried(facts).signatures:
        assert one.verdict.outcome in PartOutcome


@settings(deadline=None)
@given(st.integers(0, len(XML) - 1), st.integers(0, 255), st.sampled_from(["set", "cut", "twice"]))
def test_damage_never_breaks_out(at: int, byte: int, how: str) -> None:
    damaged = {
        "set": XML[:at] + bytes([byte]) + XML[at + 1 :],
        "cut": XML[:at],
        "twice": XML[:at] + XML[at : at + 40] * 2 + XML[at + 40 :],
    }[how]
    try:
        facts, _ = parsed(made.zipped({**made.PARTS, made.SIGNATURE: damaged}))
    except ParseError:
        return
    for one in tried(facts).signatures:
        assert one.verdict.outcome in PartOutcome
