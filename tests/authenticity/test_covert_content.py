"""Mails of the covert-content suite, by their names: what of them is signed or encrypted, and what is shown beside it.

Those of ``02-sig`` show other text to other readers, so that somebody signs it unseen; they are not signed themselves.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.authenticity.signed_parts import tested as with_verdicts
from forensics.examples.files import location
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import ChildItem, Limits, ParseContext
from forensics.model.mail import Message
from forensics.model.signed_parts import PartOutcome
from forensics.parsers.mail import rfc5322

PGP, SMIME = "pgp_encrypted", "smime_encrypted"
KINDS = {"pgp_inline": PGP, "pgp-inline": PGP, "pgp_mime": PGP, "pgp-mime": PGP, "smime": SMIME}
OUTSIDE = {
    "00-original-mail": [()],
    "01-reply-mix-822": [()],
    "01-reply-mix-alt": [("1",)],
    "01-reply-mix-crlf": [("1",)],
    "01-reply-mix-css": [("1",)],
    "01-reply-mix-css-modified": [("1",)],
    "01-reply-mix-dbl": [(), ()],
    "02-reply-rel": [("1",)],
    "03-reply-inl-crlf": [("1",)],
    "03-reply-inl-css": [("1",)],
    "03-reply-inl-dbl": [("1",), ("1",)],
}
"""Name of a mail to the texts that stand beside each of its encrypted parts; two texts of OpenPGP are both."""
HIDDEN = {
    "01-css-style-external": set(),
    "01-css-style-inline": set(),
    "01-css-style-internal": set(),
    "02-conditional-rules": set(),
    "02-conditional-rules-modified-gmail": set(),
    "02-other-conditional-rules-modified": {"hidden_text"},
    "03-blinding-test-color-modified": set(),
    "03-blinding-tests": set(),
}
"""Name of a mail to the kinds of marks that are told of it."""


def messages(source: ByteSource) -> Iterator[Message]:
    """Yield a message and those that are attached to it, with their signed parts tested."""
    for one in rfc5322.parse(source, location(), ParseContext(limits=Limits())):
        if isinstance(one, Message):
            assert all(part.verdict.outcome is PartOutcome.ENCRYPTED for part in with_verdicts(one, source))
            yield one
        elif isinstance(one, ChildItem) and one.format and isinstance(one.content, bytes):
            yield from messages(MemoryBytes(one.content))


@pytest.fixture
def mails(suites: Path) -> list[Path]:
    folder = suites / "covert-content"
    if not folder.is_dir():
        pytest.skip("no covert-content suite beside this checkout")
    return sorted(folder.rglob("*.eml"))


def test_what_is_encrypted_and_what_is_shown_beside_it(mails: list[Path]) -> None:
    encrypted = [mail for mail in mails if mail.parent.name in KINDS]
    assert len(encrypted) == 27
    for mail in encrypted:
        read = list(messages(MemoryBytes(mail.read_bytes())))
        parts = [part for message in read for part in message.signed_parts]
        assert {str(part.kind) for part in parts} == {KINDS[mail.parent.name]}, mail
        expected = OUTSIDE[mail.stem]
        if mail.stem == "01-reply-mix-dbl" and mail.parent.name == "pgp_inline":
            expected = [("2",), ("1",)]
        assert [part.outside for part in parts] == expected, mail


def test_mails_that_are_to_be_signed_unseen(mails: list[Path]) -> None:
    conditional = [mail for mail in mails if mail.parent.name == "02-sig"]
    assert {mail.stem for mail in conditional} == set(HIDDEN)
    for mail in conditional:
        (message,) = messages(MemoryBytes(mail.read_bytes()))
        assert message.signed_parts == ()
        assert {mark.kind for mark in message.marks} == HIDDEN[mail.stem], mail
