"""What mails say of the files that come with them, in the words of their writers and of their programs."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.knowledge.attachment_words import _pieces, attachment_words, may_speak_of_files
from forensics.model.mail import MimePart
from forensics.model.mail_texts import FileMention
from forensics.parsers.mail import mentions
from forensics.parsers.mail.bodies import Body
from forensics.parsers.mail.mentions import MOST, MOST_BYTES, mentions_of
from forensics.parsers.mail.quoted_lines import TextLine


def body_of(text: bytes, media_type: str = "text/plain") -> Body:
    data = b"Subject: x\r\n\r\n" + text
    part = MimePart(
        number="", start=0, body_start=14, end=len(data), headers=(), media_type=media_type, charset="utf-8"
    )
    return Body(part, data)


def told(text: str, media_type: str = "text/plain") -> list[tuple[str, str]]:
    return [(one.kind, one.shown.value) for one in mentions_of(body_of(text.encode(), media_type))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Attached is Draft v3.docx, as agreed.", [("named", "v3.docx")]),
        ("Attached is\nBudget.xlsx.", [("named", "Budget.xlsx")]),
        ("Please find attached my notes.", [("said", "Please find attached")]),
        (" <<Draft of May.doc>> \r\nregards", [("noted", "Draft of May.doc")]),
        ("<< File: Draft of May.doc >>", [("noted", "Draft of May.doc")]),
        ("(See attached file: Chargers\nSchedule.doc)", [("noted", "Chargers Schedule.doc")]),
        ("(Siehe angehängte Datei: Plan 3.xls)", [("noted", "Plan 3.xls")]),
        ("Vous trouverez ci-joint le contrat.pdf", [("named", "contrat.pdf")]),
        ("Anbei Angebot-12.pdf", [("named", "Angebot-12.pdf")]),
        ("Te adjunto informe.docx", [("named", "informe.docx")]),
        ("In allegato verbale.odt", [("named", "verbale.odt")]),
        ("Segue em anexo ata.doc", [("named", "ata.doc")]),
        ("Zie bijlage notulen.pdf", [("named", "notulen.pdf")]),
        ("W załączniku umowa.pdf", [("named", "umowa.pdf")]),
        ("Отчёт во вложении: report.xlsx", [("named", "report.xlsx")]),
        ("请查收附件 计划.docx", [("named", "计划.docx")]),
        ("資料を添付します。 資料.pptx", [("named", "資料.pptx")]),
    ],
)
def test_each_language_and_program(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected
    assert may_speak_of_files(text) and may_speak_of_files(text.upper().replace(" ", "\r\n"))


def test_a_text_with_any_phrase_or_mark_is_looked_at() -> None:
    for phrase in (phrase for phrases in attachment_words().phrases.values() for phrase in phrases):
        assert may_speak_of_files(f"Hello,\n{phrase.title()} x.")
    assert may_speak_of_files("a <<b>> c")


@pytest.mark.parametrize(
    "text", ["The driver attaches to the bus.", "Join us; it is alleged.", "1 << 3, a > b >> c", ""]
)
def test_nearly_all_texts_are_not(text: str) -> None:
    assert not may_speak_of_files(text)


PIECES = attachment_words().pieces


@given(st.lists(st.sampled_from([*PIECES, *"abijnz ", *[piece[1:] for piece in PIECES]]), max_size=6).map("".join))
def test_pieces_are_found_wherever_they_stand(text: str) -> None:
    for ascii_only in (True, False):
        sought = [piece for piece in PIECES if piece.isascii() or not ascii_only]
        found = any(pattern.search(text) for pattern in _pieces(ascii_only=ascii_only))
        assert found == any(piece in text for piece in sought)


@pytest.mark.parametrize(
    "text",
    [
        "> attached is Draft.docx",
        "anna> attached is Draft.docx",
        "Thanks.\n-----Original Message-----\nattached is Draft.docx",
        "Thanks.\n\nFrom: Anna\nSent: Monday, March 6, 2017 10:00 AM\nTo: Ben\nSubject: x\n\nattached is Draft.docx",
        "Regards\n-- \nAttached please find our terms.pdf",
        "The log is attached to the ticket.",
        "Attached is the log below.",
        "The attached device draft.doc",
        "I joined <<yesterday>> and left.",
        "+++ b/x.c\n--- a/x.c\n+attached is x.doc",
    ],
)
def test_what_is_another_s_or_speaks_of_something_else_is_none(text: str) -> None:
    assert told(text) == []


def test_addresses_and_paths_are_no_names() -> None:
    said = "Attached is what http://example.org/a.pdf and drivers/b.txt and c.doc@example.org and site.doc.example say"
    assert told(said) == [("said", "Attached is")]


def test_a_name_that_a_program_and_the_writer_give_is_told_once() -> None:
    assert told("Attached is the draft. <<Budget final.xls>>") == [("noted", "Budget final.xls")]


@pytest.mark.parametrize(
    ("text", "media_type", "kind", "raw"),
    [
        ("Hi,\r\nattached is Draft.docx.", "text/plain", "named", b"Draft.docx"),
        ("> Draft.docx\nattached is Draft.docx", "text/plain", "named", b"Draft.docx"),
        ("<p>attached is Draft.docx</p>", "text/html", "named", b"Draft.docx"),
    ],
)
def test_the_bytes_are_those_of_the_name(text: str, media_type: str, kind: str, raw: bytes) -> None:
    body = body_of(text.encode(), media_type)
    (found,) = mentions_of(body)
    ((start, end),) = found.shown.locator.ranges
    data = b"Subject: x\r\n\r\n" + text.encode()
    assert (found.kind, found.exact, found.shown.raw, data[start:end]) == (kind, True, raw, raw)
    assert data[start - 12 : start] == b"attached is "


@pytest.mark.parametrize("apart", range(130, 170))
def test_a_name_is_whole_wherever_the_text_near_a_phrase_ends(apart: int) -> None:
    assert told(f"attached is{' ' * apart}Budget.docx") in ([("named", "Budget.docx")], [("said", "attached is")])


def test_a_name_at_the_end_of_what_is_looked_at_is_whole() -> None:
    for room in range(20):
        text = "anbei".ljust(MOST_BYTES - room) + "anbei Budget.docx"
        assert told(text) in ([("named", "Budget.docx")], [("said", "anbei")])


def test_marks_without_end_are_not_all_sought_in_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    seek = mentions._mention

    def counted(body: Body, own: Sequence[TextLine], kind: str, value: str) -> FileMention:
        sought.append(value)
        return seek(body, own, kind, value)

    monkeypatch.setattr(mentions, "_mention", counted)
    assert len(told("".join([f"<<{n}.doc>>\n" for n in range(999)]))) == len(sought) == MOST


def test_only_so_many_are_kept() -> None:
    assert len(told("".join([f"<<file {number}.doc>>\n" for number in range(MOST + 30)]))) == MOST


@given(st.binary(max_size=300), st.sampled_from(["text/plain", "text/html"]))
def test_any_bytes_are_read(noise: bytes, media_type: str) -> None:
    text = b"attached is " + noise + b" <<" + noise + b".doc>> a.doc"
    assert all(isinstance(one, FileMention) for one in mentions_of(body_of(text, media_type)))
