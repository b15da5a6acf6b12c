import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.trace import _by_words, parse_hops, parse_received, plain_hop

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


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        (b" from a by b with ESMTP id 1; " + DATE + b";", DATE),
        (b" from a by b with ESMTP id 1; " + DATE + b"; helo=foo", DATE),
        (b" from a by b with ESMTP id 1;; " + DATE, DATE),
        (b" from a by b (x; y) with ESMTP; id=1; " + DATE + b"; (unread; 1)", DATE),
        (
            b" from a by b (EaaS) id\n <A@b.example> for <u@b.example> Fri, 28 Jun 2024\n 11:15:25 GMT (GMT)",
            b"Fri, 28 Jun 2024\n 11:15:25 GMT (GMT)",
        ),
        (
            b" by b.example with SMTP id t-22\n\t2024-06-28 11:15:25.610180118 +0000 UTC m=+555016.724468750",
            b"2024-06-28 11:15:25.610180118 +0000 UTC m=+555016.724468750",
        ),
        (b" from a by b with ESMTP Thu Jan 27 11:02:16 2005.", b"Thu Jan 27 11:02:16 2005"),
        (b" (scan 0.5): 29 Aug 2002\n        03:27:47 -0000", b"29 Aug 2002\n        03:27:47 -0000"),
        (b" from a by b at " + DATE + b" for <u@b.example>", DATE),
    ],
)
def test_date_without_or_with_other_semicolons(raw: bytes, date: bytes) -> None:
    found = parse_received(raw)
    assert found.date is not None
    assert raw[slice(*found.date)] == date


def test_clause_ends_where_a_date_without_semicolon_begins() -> None:
    assert parse_received(b" from a by b with ESMTP " + DATE).with_ == "ESMTP"


LATER, EARLIER = b"Fri, 28 Jun 2024 11:15:24 +0000", b"Fri, 28 Jun 2024 09:15:22 +0000 (UTC)"


@pytest.mark.parametrize("between", [b"\n ", b", ", b"; ", b" ", b";\r\n\t"])
@pytest.mark.parametrize("second", [b"from c by a with SMTP id 2; ", b"by a with SMTP id 2; ", b"from c by a id 2 "])
def test_hops_folded_into_one_field(between: bytes, second: bytes) -> None:
    raw = b" from a (1.2.3.4) by b with HTTPS id 1; " + LATER + between + second + EARLIER
    (at, newer), (start, older) = parse_hops(raw)
    assert (at, newer.by, newer.id) == (0, "b", "1")
    assert (older.by, older.id, raw[start : start + 4]) == ("a", "2", second[:4])
    assert newer.date is not None and older.date is not None
    assert raw[slice(*newer.date)] == LATER
    assert raw[slice(*older.date)] == EARLIER
    assert newer == parse_received(raw)


def test_three_hops_in_one_field() -> None:
    raw = b" by c id 3; " + LATER + b" by b id 2; " + LATER + b" by a id 1; " + EARLIER
    assert [hop.by for _, hop in parse_hops(raw)] == ["c", "b", "a"]


def test_hops_that_cannot_be_told_apart_have_no_time() -> None:
    ((_, hop),) = parse_hops(b" from a by b with SMTP id 1 (by x from y) from c by d id 2; " + DATE)
    assert (hop.by, hop.date, hop.folded) == ("b", None, True)
    ((_, hop),) = parse_hops(b" from a by b (from c by d) with SMTP id 1 from x; " + DATE)
    assert hop.date is not None and not hop.folded


def test_a_remark_behind_the_date_is_no_hop() -> None:
    raw = b" from a by b id 1; " + DATE + b" from a trusted network"
    assert len(parse_hops(raw)) == 1


@pytest.mark.parametrize(
    "unit", [b"(", b";", b"from ", b"by ", b"1", b'"', b"\\(", b"; x ( y ", b"by x " + DATE + b" from "]
)
def test_long_runs_cost_no_more_than_their_length(unit: bytes) -> None:
    start = time.process_time()
    parse_hops(b" from a by b; " + unit * (100_000 // len(unit)))
    assert time.process_time() - start < 2


def test_without_date() -> None:
    assert parse_received(b" from a by b").date is None


@given(st.binary(max_size=200) | st.text('from by with id for;() "\\x\n', max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    found = parse_received(raw)
    assert found.date is None or 0 <= found.date[0] < found.date[1] <= len(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b" with ECARTIS (v1.0.0; list a); Mon, 06 Mar 2017 10:00:00 +0000 (UTC)\r\n",
        b" (qmail 12 invoked by uid 0); 6 Mar 2017 10:00:00 -0000\r\n",
        b" from a.example (a.example [192.0.2.1]) id 7; Mon, 6 Mar 2017 10:00:00 +0000\r\n",
        b" (from root@localhost) id x for <b@b.example>; Mon, 6 Mar 2017 10:00:00 +0000\r\n",
    ],
)
def test_a_hop_that_names_no_server_is_read_in_one(raw: bytes) -> None:
    hop = plain_hop(raw)
    assert hop == _by_words(raw) and hop is not None and hop.by == ""
