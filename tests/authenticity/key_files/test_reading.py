"""Any file: which form it is of, what is counted, and that nothing makes reading fail."""

import pytest

from forensics.authenticity import key_files
from forensics.authenticity.key_files import read_key_file


@pytest.mark.parametrize(
    "data", [b"", b"\0\xff" * 100, b"From: a@a.example\n\nText.\n", b"\xff\xfe", b"domain,selector\na,b\n"]
)
def test_what_is_of_no_form(read, data: bytes) -> None:
    file, keys = read(data)
    assert (file.form, file.refused, [notice.code for notice in file.notices], keys) == ("", 1, ["keys.form"], ())


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"rrname": ' + b"9" * 10_000 + b"}",
        b"s._domainkey.a.example. TXT \xff\xfe",
        b"domain,selector,p\n\0,\0,\0\n",
        b"domain,selector,p\na.example,s," + b"A" * 70_000,
        b's._domainkey.a.example. TXT "v=DKIM1; p=' + b"A" * 70_000 + b'"',
        b"$ORIGIN\n$ORIGIN .\n@ TXT x\ns._domainkey TXT p=\n",
        "s._domainkey.\u2028a TXT \u0661\u0662".encode(),
    ],
)
def test_hostile_files_are_said_to_give_nothing(read, data: bytes) -> None:
    file, keys = read(data)
    assert keys == ()
    assert file.refused >= 1
    assert all(notice.text.isprintable() and len(notice.text) < 400 for notice in file.notices)


def test_a_limit_is_said(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_files, "ENTRIES", 2)
    file, keys = read("domain,selector,p\n" + "".join([f"a{n}.example,s,p=\n" for n in range(4)]))
    assert (len(keys), file.refused, file.notices[0].code) == (2, 1, "keys.limit")


def test_a_file_of_another_charset_is_read(rsa: str) -> None:
    text = f"domain,selector,p\na.example,s,{rsa}\n"
    for charset in ("utf-8-sig", "utf-16"):
        assert read_key_file("x", text.encode(charset))[0].taken == 1
