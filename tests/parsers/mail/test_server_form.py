"""How servers write the headers of mails that pass them."""

import pytest

from forensics.model.items import Limits
from forensics.parsers.mail import headers, mime
from forensics.parsers.mail.server_form import server_form

STAMP = "Received: from a.example (a.example [192.0.2.1])\n\tby mx.example (Postfix) with ESMTP id 12\n\tfor <b@c>; x\n"


def shown(text: str) -> dict[str, str]:
    data = f"{text}\nHello.\n".encode()
    root = mime.Reader(data, headers.line_end(data), Limits()).message(len(data))
    return dict([feature.split("=", 1) for feature in server_form(root)])


def test_a_mail_that_no_server_stamped_shows_nothing() -> None:
    assert shown("From: a@b.example\nList-Id: <x>\n") == {}


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ("", ""),
        ("Return-Path: <a@b>\nX-Original-To: c\nDelivered-To: c\n", "Return-Path X-Original-To Delivered-To"),
        ("ARC-Seal: i=1\nReturn-path: <a@b>\n", "Return-path"),
        ("X-A: 1\n" * 40, " ".join(["X-A"] * 12)),
    ],
)
def test_fields_above_the_topmost_stamp(above: str, told: str) -> None:
    assert shown(f"{above}{STAMP}From: a@b.example\n")["above"] == told


@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        (STAMP, "tabby tabfor"),
        (STAMP.replace("\t", "        "), "8by 8for"),
        ("Received: by mx.example with HTTP; x\n", ""),
        ("Received: from a\n (b)\n  by c; x\n", "1 2by"),
        (STAMP.replace("\n", "\r\n"), "tabby tabfor"),
    ],
)
def test_how_a_stamp_is_folded(stamp: str, told: str) -> None:
    assert shown(f"{stamp}From: a@b.example\n")["stamp"] == told


def test_blocks_of_list_fields() -> None:
    first = "Precedence: bulk\nX-Mailing-List: x\nList-Id: <x>\nList-Unsubscribe: <mailto:x>,\n <http://x>\n"
    found = shown(f"{STAMP}{first}From: a@b.example\nX-BeenThere: y\nCc: c@d\nErrors-To: e\nList-Post: z\nSender: y\n")
    assert found["first-block"] == "X-Mailing-List List-Id List-Unsubscribe/1"
    assert found["last-block"] == "X-BeenThere List-Post"
    one = shown(f"{STAMP}{first}From: a@b.example\n")
    assert one["first-block"] == one["last-block"]
    assert "last-block" not in shown(f"{STAMP}Sender: a\nPrecedence: bulk\nFrom: a@b.example\n")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("From: a@b.example\nDate: x\nTo: c\n", "1"),
        ("From:   a@b.example\nDate:   x\nTo:     c\nCc:     d\n", "aligned"),
        ("From:   a@b.example\nDate: x\n", "1 aligned"),
        ("From:a@b.example\nDate:  x\n", "0 2"),
        ("From:\n a@b.example\n", "0"),
    ],
)
def test_blanks_behind_colons(fields: str, told: str) -> None:
    assert shown(STAMP + fields)["blanks"] == told
