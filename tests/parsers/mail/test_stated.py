"""Pages, slides and bytes that a mail gives its file: what is meant of the whole file, and what is not."""

from pathlib import Path

import pytest

from forensics import ScanOptions, findings, scan
from forensics.parsers.mail.mentions import mentions_of
from tests.parsers.mail.test_mentions import body_of

pytestmark = pytest.mark.usefixtures("in_process")


def stated(text: str) -> list[tuple[str, str, int, int]]:
    found = mentions_of(body_of(text.encode()))
    return [
        ("" if one.kind == "said" else one.shown.value, said.kind, said.low, said.high)
        for one in found
        for said in one.stated
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please find attached the 12-page draft.", [("", "pages", 12, 12)]),
        (
            "Attached is draft.docx (12 pages, 245 KB).",
            [("draft.docx", "pages", 12, 12), ("draft.docx", "size", 244_000, 251_905)],
        ),
        ("Attached are 3 slides.", [("", "slides", 3, 3)]),
        ("Attached is talk.pptx, 14 slides.", [("talk.pptx", "slides", 14, 14)]),
        ("Anbei der 12-seitige Entwurf.", [("", "pages", 12, 12)]),
        ("Anbei Entwurf.pdf (ca. 1,5 MB)", [("Entwurf.pdf", "size", 1_400_000, 1_677_722)]),
        ("Veuillez trouver ci-joint le contrat de 12 pages", [("", "pages", 12, 12)]),
        ("Te adjunto el informe, 8 páginas", [("", "pages", 8, 8)]),
        ("Please find attached page 3 of the draft.", []),
        ("Attached are the first 3 pages.", []),
        ("Attached are 3 pages of the 40-page draft.", []),
        ("Attached is a draft. It will grow to 40 pages.", []),
        ("> Attached is draft.docx (12 pages)", []),
        ("Attached is draft.docx (12 pages and notes).", []),
        ("Attached are a.docx and b.docx, 12 pages.", []),
        ("Attached is the draft (12 pages).", [("", "pages", 12, 12)]),
        ("Anbei 3 Seiten der Vorlage.", []),
    ],
)
def test_only_what_is_meant_of_the_whole_file(text: str, expected: list[tuple[str, str, int, int]]) -> None:
    assert stated(text) == expected


def test_a_mail_whose_file_is_far_larger_than_it_says(tmp_path: Path) -> None:
    mail = (
        "From: a@x.example\r\nDate: Mon, 6 Mar 2017 10:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nAttached is plan.bin.zip (2 KB).\r\n"
        '--b\r\nContent-Type: application/octet-stream; name="plan.bin.zip"\r\n'
        f'Content-Disposition: attachment; filename="plan.bin.zip"\r\n\r\n{"x" * 70}\r\n'
    )
    (tmp_path / "leak").mkdir()
    for name, lines in (("far.eml", 400), ("near.eml", 30)):
        text = mail.replace("x" * 70, "\r\n".join(["x" * 70] * lines)) + "--b--\r\n"
        (tmp_path / "leak" / name).write_text(text, newline="")
    scan([tmp_path / "leak"], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    found = [one for one in findings(tmp_path / "case") if one.rule == "case.stated_file_differs"]
    assert [one.item.location.text for one in found] == ["far.eml"]
    assert "2 KB" in found[0].statement and "28,798 bytes" in found[0].statement.replace("28798", "28,798")
