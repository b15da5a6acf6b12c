import subprocess
import sys

import pytest

from forensics.intake import types
from forensics.intake.types import extension_type, media_type, versions


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", "application/pdf"),
        ("A.PDF ", "application/pdf"),
        ("folder.zip/letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("x\\mail.eml", "message/rfc822"),
        ("logo.ai", "application/illustrator"),  # PDF as a rule, PostScript once
        ("invoice.pdf.exe", "application/vnd.microsoft.portable-executable"),
        ("noextension", ""),
        (".pdf", ""),
        ("a.unknown", ""),
        ("folder.pdf/name", ""),
        ("", ""),
    ],
)
def test_extensions(name: str, expected: str) -> None:
    assert extension_type(name) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(13), "image/png"),
        (b"%PDF-1.4\n", "application/pdf"),
        (b"\x01\x02\x03\x04", ""),
        (b"plain text\n", "text/plain"),
        (b"MZ" + bytes(62), "application/x-dosexec"),
        ("月収100万円の道\r\n".encode("cp932") * 9, ""),  # libmagic: a program without a header
    ],
)
def test_opinion_of_libmagic(head: bytes, expected: str) -> None:
    assert media_type(head) == expected


def test_versions_for_the_custody_record() -> None:
    found = versions()
    assert sorted(found) == ["libmagic", "pylibmagic", "python-magic"]
    assert found["libmagic"].startswith("5.")


def test_libmagic_is_loaded_on_first_use_only() -> None:
    script = "import sys, forensics.intake.types; sys.exit('magic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(("begin", "kind"), types._BEGINS)
def test_what_a_beginning_tells_is_what_libmagic_says(begin: bytes, kind: str) -> None:
    _, judge = types._libmagic()
    for rest in (b"\n\niQEzBAEBCAAdFiEE\n", bytes(range(256)), b"\x08\x2a\xe3\x5c\x56\x00\x03.config\x00" * 50):
        assert judge.from_buffer(begin + rest) == kind == types.media_type(begin + rest)
