"""Long runs in header fields cost as much as they are long, in the parser and in the rules on the sender."""

import time

import pytest

from forensics.checks.mail import authentication_conflict, sender_address, sender_ambiguous
from forensics.examples.cases import context
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.rows.messages import row_of as message_row
from forensics.parsers.mail import rfc5322

SIZE = 100_000
MOST_S = 5
"""What is quadratic takes minutes."""
LONG = {
    "Return-Path": (b" ", b" ,", b"<a", b"@a,", b'"', b"(", b"a@"),
    "From": (b">a@", b"a@", b"a,", b"a <>", b"<", b"(a", b"a:", b'"', b"a=b;", b"<a@b>", b"a\n ", b"\x1b$B", b"< @"),
    "Authentication-Results": (b"(not signed ", b"not signed ", b"a=pass (", b'a=pass reason="', b"a=", b"a ", b";"),
    "Content-Type": (b"name=a (", b"(a;", b"a*0=b;", b"a=b;", b"; =", b'"', b"(", b" (a)"),
    "Subject": (b"=?", b"=?utf-8?q?a?= ", b"\x1b$B", b"\x0e", b" \n "),
}
MANY = {
    "From": b"From: a@b.example\n",
    "From without address": b"From: a\n",
    ">From": b">From: a@b.example\n",
    "Sender": b"Sender: a@b.example\n",
    "results": b"Authentication-Results: a.example; dkim=pass header.d=a.b; dmarc=pass header.from=a.b; arc=pass\n",
    "seals": b"Authentication-Results: a; spf=pass\nARC-Authentication-Results: i=1; a; spf=fail\n",
    "signatures": b"DKIM-Signature: d=a'b; s=c; h=from\n",
}
INPUTS = {
    f"{name} {unit!r}": f"{name}: ".encode() + unit * (SIZE // len(unit))
    for name, units in LONG.items()
    for unit in units
}
INPUTS |= {f"many {name}": unit * (SIZE // len(unit)) for name, unit in MANY.items()}


@pytest.mark.parametrize("name", INPUTS)
def test_linear(name: str) -> None:
    raw = b"Message-ID: <1@a.example>\nReceived: by a.example; 1 Jan 2001 00:00 Z\n" + INPUTS[name] + b"\n\nx\n"
    start = time.process_time()
    found = rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext())
    (message,) = [one for one in found if isinstance(one, Message)]
    message_row("0" * 64, message)
    for rule in (sender_ambiguous, sender_address, authentication_conflict):
        list(rule.check(message, context()))
    assert time.process_time() - start < MOST_S
