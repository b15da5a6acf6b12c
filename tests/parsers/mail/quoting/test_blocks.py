"""Header blocks of clients in the languages in use."""

import time

import pytest

from forensics.model.facts import Precision
from forensics.parsers.mail.quoting.blocks import Block
from forensics.parsers.mail.quoting.reader import introductions
from tests.parsers.mail.quoting.test_attributions import _ticks

LABELS = [
    ("From:", "Sent:", "To:", "Cc:", "Subject:", "Tuesday, April 29, 2025 10:11 AM"),
    ("Von:", "Gesendet:", "An:", "Cc:", "Betreff:", "Dienstag, 29. April 2025 10:11"),
    ("De :", "Envoyé :", "À :", "Cc :", "Objet :", "mardi 29 avril 2025 10:11"),
    ("De:", "Enviado el:", "Para:", "CC:", "Asunto:", "martes, 29 de abril de 2025 10:11"),
    ("Da:", "Inviato:", "A:", "Cc:", "Oggetto:", "martedì 29 aprile 2025 10:11"),
    ("De:", "Enviada em:", "Para:", "Cc:", "Assunto:", "terça-feira, 29 de abril de 2025 10:11"),
    ("Van:", "Verzonden:", "Aan:", "CC:", "Onderwerp:", "dinsdag 29 april 2025 10:11"),
    ("Od:", "Wysłano:", "Do:", "DW:", "Temat:", "wtorek, 29 kwietnia 2025 10:11"),
    ("От:", "Отправлено:", "Кому:", "Копия:", "Тема:", "29 апреля 2025 г. 10:11"),
    ("发件人:", "发送时间:", "收件人:", "抄送:", "主题:", "2025年4月29日 10:11"),
    ("差出人:", "送信日時:", "宛先:", "CC:", "件名:", "2025年4月29日 10:11"),
]


def _only(text: str) -> Block:
    ((found,), _) = introductions(text)
    assert isinstance(found, Block)
    return found


@pytest.mark.parametrize("labels", LABELS, ids=[labels[4] for labels in LABELS])
@pytest.mark.parametrize("marks", ["", "> "])
def test_a_block_of_outlook_is_read(labels: tuple[str, ...], marks: str) -> None:
    sender, sent, to, cc, subject, written = labels
    lines = [
        "________________________________",
        f"{sender} Anna Roe <anna@a.test>",
        f"{sent} {written}",
        f"{to} Bo Roe; Cy Roe",
        f"{cc} Di Roe",
        f"{subject} Minutes of May",
        "",
        "Dear all,",
    ]
    found = _only("I agree.\n\n" + "".join([f"{marks}{line}\n" for line in lines]))
    assert (found.style, found.name, found.address, found.depth) == (
        "outlook",
        "Anna Roe",
        "anna@a.test",
        len(marks) // 2,
    )
    assert (found.fields["to"], found.fields["cc"]) == ("Bo Roe; Cy Roe", "Di Roe")
    assert found.fields["subject"] == "Minutes of May"
    assert found.time is not None and found.time.wall == _ticks("2025-04-29 10:11:00")
    assert found.time.precision is Precision.MINUTE


def test_forwarded_mails_are_told_by_the_line_above() -> None:
    body = "From: Anna Roe <anna@a.test>\nDate: Tue, Apr 29, 2025 at 10:11\u202fAM\nSubject: A\nTo: <bo@a.test>\n\nB\n"
    assert _only(f"---------- Forwarded message ---------\n{body}").style == "forwarded_gmail"
    assert _only(f"Begin forwarded message:\n\n{body}").style == "forwarded_apple"
    assert _only(body).style == "block"
    fields = "Subject: \tA\nDate: \tTue, 29 Apr 2025 10:11:12 +0200\nFrom: \tAl <a@a.test>\n\nB"
    found = _only(f"-------- Forwarded Message --------\n{fields}")
    assert found.style == "forwarded_thunderbird"
    assert found.time is not None and found.time.instant == _ticks("2025-04-29 08:11:12")


def test_a_folded_list_of_recipients_is_one() -> None:
    found = _only("From: Al\nSent: Tuesday, April 29, 2025 10:11 AM\nTo: Bo Roe;\n Cy Roe;\nDi Roe\nSubject: A\n\nB")
    assert found.fields["to"] == "Bo Roe; Cy Roe; Di Roe"
    assert "cc" not in found.fields


def test_on_behalf_of_names_the_author() -> None:
    sender = "list-bounces@b.test [mailto:list-bounces@b.test] On Behalf Of Anna Roe"
    found = _only(f"From: {sender}\nSent: Tuesday, April 29, 2025 10:11 AM\nSubject: A\n\nB")
    assert (found.name, found.address) == ("Anna Roe", "")


def test_a_folded_subject_is_one_and_text_below_is_none() -> None:
    head = "From: Al Roe\nSent: Tuesday, April 29, 2025 10:11 AM\nSubject: Minutes of\n"
    assert _only(f"{head}the board\n\nB").fields["subject"] == "Minutes of the board"
    assert _only(f"{head}Dear all,\nthese are the minutes.\n").fields["subject"] == "Minutes of"


def test_an_empty_subject_is_one() -> None:
    found = _only("From: Al Roe\nSent: Tuesday, April 29, 2025 10:11 AM\nTo: Bo\nSubject:\n\nB")
    assert found.fields["subject"] == ""


def test_two_blocks_without_a_line_between_are_two() -> None:
    one = "From: Al\nSent: Tuesday, April 29, 2025 10:11 AM\nSubject: A\n"
    assert len(introductions(one + one)[0]) == 2


@pytest.mark.parametrize("text", ["Subject: alone\n", "the Subject: A\nFrom: Al\nTo: Bo\n", "Subject: A\nDate: now\n"])
def test_what_is_no_block(text: str) -> None:
    assert introductions(text)[0] == []


@pytest.mark.parametrize(
    "unit", ["Subject: a\n", "From: \n", "From: a\nSubject: b\n", "> ", ": ", "To: a;\n", "件名："]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (4_000_000 // len(unit))
    before = time.process_time()
    introductions(text)
    assert time.process_time() - before < 5
