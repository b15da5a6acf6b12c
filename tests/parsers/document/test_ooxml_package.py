"""How a package is written: the marks of its members, and how its parts begin."""

from collections.abc import Callable

from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.presence.office_package import claims_office, forms, office_xml, prologues
from tests.parsers.document.office_packages import OFFICE, W, marked, office, parsed, values

TEXT = f"<w:document {W}><w:body/></w:document>"


def test_a_package_of_office(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    data = office("word", {"word/document.xml": TEXT})
    facts, notices = parsed(data)
    assert notices == []
    (form,) = forms(facts)
    assert form.office and not form.dated
    assert form.fact.value == "5 members: made by 45 on 0, needs 20, flags 0000, 1980-01-01, extra none"
    assert claims_office(facts) and office_xml(facts)
    assert values(facts, "first_part") == ["[Content_Types].xml"]
    assert presence(facts) & DocumentHas.PARTS and presence(facts) & DocumentHas.WORD_TIMES
    located(data, facts)


def test_members_of_two_writers_are_two_forms() -> None:
    data = bytearray(office("word", {"word/document.xml": TEXT}))
    last = data.rfind(b"PK\x01\x02")
    data[last + 4 : last + 6] = bytes((30, 3))
    facts, _ = parsed(bytes(data))
    assert [(one.version, one.host) for one in forms(facts)] == [(45, 0), (30, 3)]


def test_a_package_of_another_writer_names_office_all_the_same() -> None:
    facts, _ = parsed(marked(office("word", {"word/document.xml": TEXT}), 20, 3))
    assert claims_office(facts) and not any(one.office for one in forms(facts))
    assert not presence(facts) & DocumentHas.PARTS


def test_a_part_that_begins_otherwise(located: Callable[[bytes, DocumentFacts], tuple[int, int]]) -> None:
    declared = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    data = office("word", {}, written={"word/document.xml": declared + TEXT.encode()})
    facts, _ = parsed(data)
    assert [(part, text) for part, text, _ in prologues(facts)] == [
        ("[Content_Types].xml", OFFICE),
        ("word/document.xml", declared.decode()),
    ]
    located(data, facts)


def test_a_part_without_a_declaration_has_no_bytes_of_it() -> None:
    facts, _ = parsed(office("word", {}, written={"word/document.xml": TEXT.encode()}))
    (fact,) = [fact for part, _, fact in prologues(facts) if part == "word/document.xml"]
    assert (fact.raw, fact.locator.ranges) == (b"", ())


def test_the_version_must_have_the_form_that_office_writes() -> None:
    data = office(
        "word", {"docProps/app.xml": "<Properties><Application>Microsoft Office Word</Application></Properties>"}
    )
    facts, _ = parsed(data)
    assert not claims_office(facts) and not presence(facts) & DocumentHas.PACKAGE
