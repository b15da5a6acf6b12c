"""How far signatures reach: what looks covered and is not, what is not comparable, and what a hostile one asks for."""

import pytest

from forensics.authenticity.document_signatures import tested as tried
from forensics.model.document_signatures import DigestOutcome, DocumentSignature
from forensics.model.items import Budget, Limits, ParseContext
from forensics.model.signed_parts import PartOutcome
from forensics.parsers.document import _signature_digests, _signatures
from forensics.parsers.document._package import Package
from tests import signed_documents as made
from tests.parsers.document.test_signatures import only, parsed

EMPTY = f'<Relationships xmlns="{made.RELS}"></Relationships>'.encode()


def selection(*ids: str) -> str:
    listed = "".join([f'<mdssi:RelationshipReference SourceId="{one}"></mdssi:RelationshipReference>' for one in ids])
    name = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
    return f'<Transform Algorithm="{name}">{listed}</Transform><Transform Algorithm="{made.C14N}"></Transform>'


def verdict(data: bytes) -> DocumentSignature:
    (found,) = tried(parsed(data)[0]).signatures
    return found


@pytest.mark.parametrize(
    ("uri", "ids", "reason"),
    [
        ("/word/document.xml", (), "lists none"),
        ("/_rels/.rels", (), "none of the relationships"),
        ("/_rels/.rels", ("rId77",), "none of the relationships"),
    ],
)
def test_relationships_that_are_none_cover_nothing(uri: str, ids: tuple[str, ...], reason: str) -> None:
    one = verdict(made.signed(references=made.reference(uri, EMPTY, transforms=selection(*ids))))
    assert one.verdict.outcome is PartOutcome.UNTESTED and reason in one.verdict.reason


def test_relationships_that_were_taken_out_are_changed_all_the_same() -> None:
    rels = made.PARTS["_rels/.rels"].replace(b'Id="rId1"', b'Id="rId7"')
    assert verdict(made.signed({"_rels/.rels": rels})).verdict.outcome is PartOutcome.ALTERED


def test_an_entry_of_another_namespace_is_no_relationship() -> None:
    rels = made.PARTS["_rels/.rels"].replace(b'<Relationship Id="rId1"', b'<x:Relationship xmlns:x="urn:x" Id="rId1"')
    assert verdict(made.signed({"_rels/.rels": rels})).verdict.outcome is PartOutcome.ALTERED


@pytest.mark.parametrize("types", [b"<Types", made.PARTS["[Content_Types].xml"]], ids=["broken", "two of them"])
def test_types_that_are_not_known_are_not_compared(types: bytes) -> None:
    name = "[content_types].xml" if types.endswith(b">") else "[Content_Types].xml"
    one = verdict(made.signed({name: types}))
    assert one.verdict.outcome is PartOutcome.UNTESTED and "content types" in one.verdict.reason


@pytest.mark.parametrize("uri", ["", "#xpointer(/)", "#xpointer(id('idPackageObject'))"])
def test_what_is_about_the_whole_part_is_untested(uri: str) -> None:
    one = verdict(made.signed(more=made.reference(uri, b"")))
    assert one.verdict.outcome is PartOutcome.UNTESTED
    assert [part.name for part in one.references if part.outcome is not DigestOutcome.SAME] == [uri or "#"]


def test_a_list_may_name_what_stands_beside_it() -> None:
    listed = made.reference(f"/word/document.xml?ContentType={made.WORD}", made.DOCUMENT)
    held = verdict(made.signed(references=listed + made.reference("#idOfficeObject", b"another")))
    assert held.verdict.outcome is PartOutcome.ALTERED
    assert [part.outcome for part in held.references if part.name == "#idOfficeObject"] == [
        DigestOutcome.SAME,
        DigestOutcome.OTHER,
    ]


def test_one_id_in_two_signatures_is_each_ones_own() -> None:
    xml = made.signature(made.PARTS).split(b"\n", 1)[1]
    both = b'<document-signatures xmlns="urn:x">' + xml + xml + b"</document-signatures>"
    facts, _ = parsed(made.signed({made.SIGNATURE: both}))
    inside = [part.outcome for one in facts.signatures for part in one.references if part.inside]
    assert inside and DigestOutcome.MISSING not in inside


def test_more_elements_than_are_compared_are_said() -> None:
    one = verdict(made.signed(more=made.reference("#idPackageObject", b"") * 30))
    assert "more than 20 elements" in one.problem and one.verdict.outcome is PartOutcome.ALTERED


def test_what_stands_in_the_folder_of_signatures_is_not_theirs() -> None:
    one = only(made.signed({"_xmlsignatures/picture.png": b"x", "_xmlsignatures/other.xml": b"<x/>"}))
    assert {"_xmlsignatures/picture.png", "_xmlsignatures/other.xml"} < set(one.uncovered)


def test_parts_that_are_read_come_first_among_those_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signatures, "MOST_NAMED", 1)
    parts = {"a.bin": b"", "b.bin": b"", **made.PARTS}
    xml = made.signature(parts, made.reference("/a.bin", b""))
    one = only(made.zipped({**parts, made.SIGNATURE: xml}))
    assert one.uncovered == ("word/document.xml",) and one.uncovered_count == 5


def test_all_relationships_that_are_left_out_count() -> None:
    more = "".join([f'<Relationship Id="x{n}" Type="{made.OFFICE}/image" Target="{n}"/>' for n in range(60)])
    rels = made.PARTS["_rels/.rels"].replace(b"</Relationships>", more.encode() + b"</Relationships>")
    facts, notices = parsed(made.signed({"_rels/.rels": rels}))
    (one,) = facts.signatures
    assert (len(one.uncovered_relationships), one.uncovered_relationships_count) == (50, 60)
    assert [notice.code for notice in notices] == ["ooxml.signature_uncovered"]


def test_a_part_of_relationships_is_read_once_however_it_is_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    whole = Package.part
    monkeypatch.setattr(Package, "part", lambda self, name: (read.append(name.lower()), whole(self, name))[1])
    names = [f"/_RELS/.{''.join([c.upper() if n >> i & 1 else c for i, c in enumerate('rels')])}" for n in range(16)]
    references = "".join([made.reference(name, EMPTY, transforms=selection("rId1")) for name in names])
    only(made.signed(references=references))
    before = len([one for one in read if one == b"_rels/.rels"])
    read.clear()
    only(made.signed(references=made.reference("/_rels/.rels", EMPTY, transforms=selection("rId1"))))
    assert before == len([one for one in read if one == b"_rels/.rels"])


def test_lists_of_relationships_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signature_digests, "MOST_LISTED", 2)
    parts = {**made.PARTS, "word/_rels/document.xml.rels": EMPTY}
    references = "".join(
        [
            made.reference(name, EMPTY, transforms=selection("rId1"))
            for name in ("/_rels/.rels", "/word/_rels/document.xml.rels")
        ]
    )
    one = only(made.zipped({**parts, made.SIGNATURE: made.signature(parts, references)}))
    assert [part.outcome for part in one.parts] == [DigestOutcome.OTHER, DigestOutcome.UNTESTED]


def test_parts_that_are_looked_through_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signatures, "MOST_PARTS", 1)
    facts, notices = parsed(made.signed({"_xmlsignatures/more.xml": b"<x/>"}))
    assert len(facts.signatures) == 1 and [one.code for one in notices] == ["ooxml.signature_limit"]


def test_what_is_decoded_in_vain_is_spent() -> None:
    """Else members that state little and share one stream are decoded again for each name."""
    big = b"<styles>" + bytes(range(32, 127)) * 700 + b"</styles>"
    xml = made.signature(made.PARTS, made.reference("/word/styles.bin", big))
    data = made.zipped({**made.PARTS, "word/styles.bin": big, made.SIGNATURE: xml})
    lying = data.replace(len(big).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    limits = Limits(expansion=40_000, expansion_ratio=1)
    budget = Budget(limits, len(lying))
    (one,) = parsed(lying, context=ParseContext(limits=limits, budget=budget))[0].signatures
    assert next(iter(one.parts)).outcome is DigestOutcome.UNTESTED
    assert budget.left == 0
