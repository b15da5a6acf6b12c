import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.parameters import parse_value


@pytest.mark.parametrize(
    ("raw", "value", "parameters"),
    [
        (b' Text/Plain; charset="UTF-8" (a; b)', "text/plain", {"charset": "UTF-8"}),
        (b"attachment; filename=my file.pdf; size=3", "attachment", {"filename": "my file.pdf", "size": "3"}),
        (b"a/b; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=.txt", "a/b", {"name": "café.txt"}),
        (b'a/b; name="=?utf-8?q?caf=C3=A9?="', "a/b", {"name": "café"}),
        (b'a/b; name="x\\"y"', "a/b", {"name": 'x"y'}),
        (b"a/b charset=x", "a/b", {"charset": "x"}),
        (b"a/b; charset=x; charset=y", "a/b", {"charset": "x"}),
        (b"", "", {}),
    ],
)
def test_value(raw: bytes, value: str, parameters: dict[str, str]) -> None:
    read = parse_value(raw)
    assert (read.value, read.parameters) == (value, parameters)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"attachment; filename=Report (1).pdf", "Report (1).pdf"),
        (b"attachment; filename=E(E)E.pdf; size=3", "E(E)E.pdf"),
        (b"attachment; filename=Report (1)", "Report (1)"),
        (b"attachment; filename=Report (1.pdf", "Report (1.pdf"),
        (b"attachment; filename*=utf-8''Report%20(1).pdf", "Report (1).pdf"),
        (b"attachment; filename*0*=utf-8''a%20(P%204).pg;\r\n filename*1=p", "a (P 4).pgp"),
        (b'attachment; filename*0="=?UTF-8?Q?=C3?=\n =?UTF-8?Q?=A";\n filename*1="9.docx?="', "\u00e9.docx"),
        (b'attachment; filename="\x1b$B$"$"\x1b(B.zip"', "\u3042\u3042.zip"),
        (b"attachment; filename*=UTF-16''%00a%00.%00z%00i%00p", "a.zip"),
    ],
)
def test_file_names(raw: bytes, name: str) -> None:
    assert parse_value(raw).parameters["filename"] == name


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"text/plain; charset=us-ascii (Plain; x=y text)", {"charset": "us-ascii"}),
        (b"text (a)/(b) plain; charset=(c)utf-8(d); format=flowed", {"charset": "utf-8", "format": "flowed"}),
        (b"text/plain; boundary=a(1)b (c)", {"boundary": "a(1)b"}),
    ],
)
def test_comments_stand_between_tokens(raw: bytes, value: dict[str, str]) -> None:
    read = parse_value(raw)
    assert (read.value, read.parameters, read.odd) == ("text/plain", value, {})


@pytest.mark.parametrize(
    ("raw", "odd"),
    [
        (b'attachment; filename="a".zip', {"junk": ".zip"}),
        (b'attachment; filename="a" "b.exe"', {"junk": '"b.exe"'}),
        (b"attachment; filename=a;.zip", {"junk": ".zip"}),
        (b"attachment; filena()me=a.zip", {"junk": "filena()me=a.zip"}),
        (b"attachment; filename=a.pdf (draft)", {"comment": "(draft)"}),
        (b"attachment; filename*0=a; filename*2=b", {"pieces": "filename*2"}),
        (b"attachment; filename*0=a; filename*0=b", {"pieces": "b"}),
        (b"attachment; filename=a.pdf; size=3;", {}),
    ],
)
def test_what_could_be_missed_is_said(raw: bytes, odd: dict[str, str]) -> None:
    assert parse_value(raw).odd == odd


def test_every_value_is_kept() -> None:
    read = parse_value(b"a/b; name=x; NAME=y; name=x")
    assert (read.parameters, read.others, list(read.repeated)) == ({"name": "x"}, {"name": ["y", "x"]}, ["name"])
    both = parse_value(b"a/b; name*=utf-8''x.zip; name=y.exe")
    assert (both.parameters, both.others, both.repeated) == ({"name": "x.zip"}, {"name": ["y.exe"]}, {})


@given(st.binary(max_size=200) | st.text("=?utf-8bqQB_ ;*'\"%\r\n\\()a0\x1b$", max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    parse_value(raw)
    parse_value(raw, "iso-2022-kr")
