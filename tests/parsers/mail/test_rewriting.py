from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322

SIGNED = "DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; bh=eA==; b=eA==\n"
PASSED_ON = "Received: (majordomo@list.example) by list.example via listexpand\n id S1 {} (ORCPT\n a@b.example); x\n"


@pytest.fixture
def said(where: Location) -> Callable[[str], str]:
    def read(header: str) -> str:
        data = f"{header}From: a@a.example\nSubject: x\n\nText: convert rfc822-to-8bit\n".encode()
        found = rfc5322.parse(MemoryBytes(data), where, ParseContext())
        return next(one.rewritten for one in found if isinstance(one, Message))

    return read


def test_a_server_that_encoded_the_body_anew(said: Callable[[str], str]) -> None:
    assert said(PASSED_ON.format("convert rfc822-to-8bit") + SIGNED) == "convert rfc822-to-8bit"
    assert said(SIGNED + PASSED_ON.format("convert rfc822-to-quoted-printable")) == "convert rfc822-to-quoted-printable"


def test_fields_that_say_so(said: Callable[[str], str]) -> None:
    assert said("X-MIME-Autoconverted: from 8bit\n to quoted-printable by mx.example\n" + SIGNED) == (
        "X-MIME-Autoconverted: from 8bit to quoted-printable by mx.example"
    )
    assert said("x-content-filtered-by: Mailman/MimeDel 2.1\n") == "x-content-filtered-by: Mailman/MimeDel 2.1"


def test_words_elsewhere_say_nothing(said: Callable[[str], str]) -> None:
    assert said(SIGNED) == ""
    assert said(SIGNED + "X-Note: convert rfc822-to-8bit\n") == ""
