import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.trace import parse_received

DATE = b"Mon, 15 Jul 2019 19:00:53 -0700 (PDT)"


@pytest.mark.parametrize(
    ("raw", "from_", "by", "with_", "id_", "for_"),
    [
        pytest.param(
            b" from a.example (a.example [192.0.2.1])\r\n\tby B.example (Postfix) with ESMTPS id 41A2C80D73C\r\n"
            b"\tfor <u@b.example>; " + DATE,
            "a.example (a.example [192.0.2.1])",
            "b.example",
            "ESMTPS",
            "41A2C80D73C",
            "<u@b.example>",
            id="Postfix",
        ),
        pytest.param(
            b" from [192.0.2.1] (helo=a.example)\n by b.example with esmtps (TLS1.2) tls TLS_X (Exim 4.94.2)\n"
            b" (envelope-from <u@a.example>) id 1lRuiS-0055RO-9t; " + DATE,
            "[192.0.2.1] (helo=a.example)",
            "b.example",
            "esmtps (TLS1.2) tls TLS_X (Exim 4.94.2) (envelope-from <u@a.example>)",
            "1lRuiS-0055RO-9t",
            "",
            id="Exim",
        ),
        pytest.param(
            b" from A.example (10.0.0.1) by B.example (10.0.0.2) with Microsoft SMTP\n Server (version=TLS1_2, "
            b"cipher=X) id 15.20.1943.23 via Frontend Transport; " + DATE,
            "A.example (10.0.0.1)",
            "b.example",
            "Microsoft SMTP Server (version=TLS1_2, cipher=X)",
            "15.20.1943.23",
            "",
            id="Exchange",
        ),
        pytest.param(
            b" by 2002:a05:6000:0:b0 with SMTP id b16mr42205edw.81; " + DATE,
            "",
            "2002:a05:6000:0:b0",
            "SMTP",
            "b16mr42205edw.81",
            "",
            id="Gmail",
        ),
        pytest.param(b" (qmail 27394 invoked by uid 30297); " + DATE, "", "", "", "", "", id="qmail"),
        pytest.param(
            b" (from u@localhost) by b.example (8.14.7/8.14.7/Submit) id iBADHRP6; " + DATE,
            "(from u@localhost)",
            "b.example",
            "",
            "iBADHRP6",
            "",
            id="sendmail",
        ),
        pytest.param(
            b" from a (unclosed by b.example with SMTP id 1; " + DATE,
            "a (unclosed",
            "b.example",
            "SMTP",
            "1",
            "",
            id="unclosed comment",
        ),
    ],
)
def test_dialects(raw: bytes, from_: str, by: str, with_: str, id_: str, for_: str) -> None:
    found = parse_received(raw)
    assert (found.from_, found.by, found.with_, found.id, found.for_) == (from_, by, with_, id_, for_)
    assert found.date is not None
    assert raw[slice(*found.date)] == DATE


@pytest.mark.parametrize(
    "raw",
    [
        b" from a by b with esmtp; " + DATE + b"\n  id 00008479.421BCF46.00000289",
        b" from a by b ; " + DATE + b" for <u@b.example>",
        b" from a by b id 1 " + DATE,
        b" from a by b with SMTP; \n (version=TLSv1/SSLv3 cipher=X)\n " + DATE,
    ],
)
def test_date_in_an_odd_place(raw: bytes) -> None:
    found = parse_received(raw)
    assert found.date is not None
    assert raw[slice(*found.date)].endswith(DATE)


def test_without_date() -> None:
    assert parse_received(b" from a by b").date is None


@given(st.binary(max_size=200) | st.text('from by with id for;() "\\x\n', max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    found = parse_received(raw)
    assert found.date is None or 0 <= found.date[0] < found.date[1] <= len(raw)
