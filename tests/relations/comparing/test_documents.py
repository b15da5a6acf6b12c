"""Two documents: what each shows, what each says of itself, and which was made from which."""

import io
import zipfile

import pytest

from forensics.model.comparing import Comparison, Derived
from forensics.relations.comparing.contents import compare_contents
from tests.parsers.document.office_packages import ROWS, W, office, workbook
from tests.parsers.document.ole2_files import MADE, dttm, old, when
from tests.parsers.document.ole2_files import word as word_97

SESSIONS = ("00112233", "00445566", "00AA0001")


def word(said: str, *sessions: str, author: str = "Ada") -> bytes:
    listed = "".join([f'<w:rsid w:val="{one}"/>' for one in sorted(sessions)])
    body = f"<w:body><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:body>"
    settings = f'<w:rsids><w:rsidRoot w:val="00112233"/>{listed}</w:rsids>'
    return office(
        "word",
        {
            "word/document.xml": f"<w:document {W}>{body}</w:document>",
            "word/settings.xml": f"<w:settings {W}>{settings}</w:settings>",
            "word/people.xml": f'<w15:people xmlns:w15="x"><w15:person w15:author="{author}"/></w15:people>',
        },
    )


def told(found: Comparison, kind: str) -> list[tuple[str, str, str]]:
    return [(one.name, one.one.value, one.other.value) for one in found.differences if one.kind == kind]


def test_words_are_told_side_by_side_with_their_part() -> None:
    found = compare_contents(word("The grant was paid in May."), word("The grant was not paid in May."))
    assert told(found, "text_added") == [("word/document.xml", "", "not")]
    found = compare_contents(word("The grant was paid in May."), word("The grant was paid in June."))
    assert told(found, "words") == [("word/document.xml", "May.", "June.")]
    assert [one.kind for one in found.differences][-1] == "member_changed"
    assert found.whole


def test_what_a_document_says_of_itself() -> None:
    found = compare_contents(word("a"), word("a", author="Cem"))
    assert told(found, "property") == [("ooxml.person", "Ada", "Cem")]
    (person,) = [one for one in found.differences if one.kind == "property"]
    assert b"Ada" in person.one.raw and person.one.locator.ranges


def test_the_one_with_more_sessions_was_made_from_the_other() -> None:
    one, other = word("a", *SESSIONS), word("b", *SESSIONS, "00BB0001")
    assert (compare_contents(one, other).derived, compare_contents(one, other).reasons) == (
        Derived.OTHER,
        ("sessions",),
    )
    assert compare_contents(other, one).derived is Derived.ONE
    forked = word("c", *SESSIONS[:2], "00CC0001")
    assert compare_contents(one, forked).derived is Derived.NOT_TOLD


def test_sessions_of_a_long_list_are_told_apart_wherever_it_is_divided() -> None:
    many = [f"{number:08X}" for number in range(0x100, 0x100 + 1_000)]
    found = compare_contents(word("a", *many), word("b", *many, "00000011", "00000012"))
    assert told(found, "property") == [("ooxml.rsids", "", "00000011 00000012")]


def rich(said: str, *sessions: str, version: int = 3) -> bytes:
    listed = "".join([f"\\rsid{int(one, 16)}" for one in sorted(sessions)])
    info = f"{{\\info{{\\author Ada}}{{\\creatim\\yr2017\\mo3\\dy6\\hr10\\min0}}\\version{version}}}"
    return f"{{\\rtf1\\ansi{{\\*\\rsidtbl {listed}}}{info}\\pard {said}\\par}}".encode()


def test_rich_text_is_compared_by_words_properties_and_sessions_even_with_a_package() -> None:
    one = rich("The grant was paid in May.", *SESSIONS)
    other = rich("The grant was paid in June.", *SESSIONS, "00BB0001", version=4)
    found = compare_contents(one, other)
    assert told(found, "words") == [("rtf:text", "May.", "June.")]
    assert told(found, "property") == [("rtf.rsids", "", "00BB0001"), ("rtf.version", "3", "4")]
    assert found.derived is Derived.OTHER and found.reasons == ("sessions",)
    package = word("The grant was paid in June.", *SESSIONS, "00BB0001", "00CC0001")
    assert compare_contents(other, package).derived is Derived.OTHER
    assert told(compare_contents(one, package), "words") == [("text", "May.", "June.")], "formats without a common part"
    assert compare_contents(package, one).derived is Derived.ONE


def test_times_that_systems_count_are_told_as_people_write_them() -> None:
    one, other = old(), old(summary={12: when(MADE + 60, 5)}, own=word_97(saved=dttm(2009, 9, 7, 16, 11)))
    found = told(compare_contents(one, other), "property")
    assert ("summary_created", "2009-09-04 04:58:00 UTC", "2009-09-04 04:59:00.0000005 UTC") in found
    assert ("dop_revised", "2009-09-07 16:10:00 local", "2009-09-07 16:11:00 local") in found


def open_text(said: str, cycles: int, hour: int) -> bytes:
    made = io.BytesIO()
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<o:c xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="urn:oasis:names:tc:'
        f'opendocument:xmlns:text:1.0"><o:body><o:text><t:p>{said}</t:p></o:text></o:body></o:c>',
        "meta.xml": f'<o:m xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:'
        f'opendocument:xmlns:meta:1.0"><o:meta><meta:editing-cycles>{cycles}</meta:editing-cycles></o:meta></o:m>',
    }
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2017, 3, 6, hour, 30, 4)), text)
    return made.getvalue()


def test_open_documents_are_compared_by_words_properties_and_when_they_were_packed() -> None:
    found = compare_contents(open_text("It was paid in May.", 3, 10), open_text("It was paid in June.", 4, 11))
    assert told(found, "words") == [("content.xml", "May.", "June.")]
    assert told(found, "property") == [
        ("odf.editing_cycles", "3", "4"),
        ("odf_packed", "2017-03-06 10:30:04 local", "2017-03-06 11:30:04 local"),
    ]


def test_few_sessions_tell_nothing() -> None:
    assert compare_contents(word("a", *SESSIONS[:2]), word("b", *SESSIONS)).derived is Derived.NOT_TOLD


def test_more_differences_than_are_told_are_no_whole_comparison() -> None:
    one, other = (" ".join([f"kept{place} {word}{place}" for place in range(60)]) for word in ("old", "new"))
    found = compare_contents(word(one), word(other))
    assert len(told(found, "words")) == 50 and not found.whole


def test_the_same_document_is_identical() -> None:
    assert compare_contents(word("a"), word("a")).identical


def test_what_breaks_off_is_compared_in_part() -> None:
    found = compare_contents(word("a"), word("a</w:t>"))
    assert not found.whole


@pytest.mark.parametrize("turned", [False, True])
def test_words_behind_a_break_are_not_told_as_missing(turned: bool) -> None:
    both = word("The old grant was paid. It was spent at once."), word("The new grant was paid.</w:t></w:body>")
    found = compare_contents(*(reversed(both) if turned else both))
    assert told(found, "words") == [("word/document.xml", *(("new", "old") if turned else ("old", "new")))]
    assert told(found, "text_added") + told(found, "text_removed") == []
    (shown,) = [one.runs for one in found.differences if one.runs]
    assert "spent" not in " ".join([run.text for run in shown])


def test_a_part_that_cannot_be_read_is_not_told_as_missing() -> None:
    found = compare_contents(word("The grant was paid."), word("</w:p>"))
    assert told(found, "text_removed") == [] and not found.whole


@pytest.mark.parametrize("name", ["xl/workbook.bin", "word/document.xml"])
def test_a_document_whose_texts_cannot_be_read_lacks_none(name: str) -> None:
    """Workbooks of binary parts are not read, nor are encrypted members."""
    packed = office("word", {"word/document.xml": f"<w:document {W}/>", name: "x"})
    if name == "word/document.xml":
        packed = packed.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        packed = packed.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    found = compare_contents(word("The grant was paid."), packed)
    assert told(found, "text_removed") == [] and not found.whole


def test_cells_are_told_by_their_addresses() -> None:
    changed = ROWS.replace("<v>10</v>", "<v>12</v>").replace("<v>1</v>", "<v>0</v>").replace("32.5", "99")
    found = compare_contents(workbook(), workbook(changed))
    # Words of neighbors differ: each is told in its cell, and not as one passage.
    assert told(found, "words") == [
        ("Budget!B1", "10", "12"), ("Budget!A2", "paper", "rent"), ("Budget!B2", "32.5", "99"),
    ]  # fmt: skip
    assert [one.one.locator.path for one in found.differences if one.name == "Budget!B1"] == [
        "xml:xl/worksheets/sheet1.xml#Budget!B1"
    ]


def test_a_row_that_was_put_in_moves_no_other() -> None:
    more = '<row r="1"><c r="A1" t="inlineStr"><is><t>Costs of May</t></is></c></row>'
    shifted = ROWS.replace('r="3"', 'r="4"').replace('r="2"', 'r="3"').replace('r="1"', 'r="2"')
    for row in (3, 2, 1):
        shifted = shifted.replace(f'A{row}"', f'A{row + 1}"').replace(f'B{row}"', f'B{row + 1}"')
    found = compare_contents(workbook(), workbook(more + shifted))
    assert told(found, "text_added") == [("Budget!A1", "", "Costs of May")]
    found = compare_contents(workbook(), workbook(more + shifted.replace("32.5", "99")))
    assert told(found, "words") == [("Budget!B2, Budget!B3", "32.5", "99")]
    gone = ROWS[: ROWS.index('<row r="3"')]
    assert told(compare_contents(workbook(), workbook(gone[: gone.index('<row r="2"')])), "text_removed") == [
        ("Budget!A2...B3", "paper 32.5 42.5", "")
    ]
