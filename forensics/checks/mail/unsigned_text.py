"""Text stands beyond the bytes of the body that a signature covers: the signature holds whatever it says."""

from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.model.authentication import Signature
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.unsigned_text",
    version=1,
    title="Text beyond the signed length",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.SIGNED_LENGTH,
    bins=(Bin("text"),),
    group="content",
    compare_with="list",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("list_copy", "body_rewritten", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 6376 8.2", "kb:A-04", "kb:O-08"),
)

_SAID = says(
    "rule.mail.unsigned_text",
    one=(
        "The signature of {signer} covers the first {length} bytes of the body by its l=; {surplus} bytes stand beyond "
        "these, and the signature would hold whatever they said."
    ),
)


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first signature of which more than white space lies beyond its length."""
    for signature in message.signatures:
        beyond = (signature.body_size or 0) - (signature.body_length or 0)
        covers = signature.body_length is not None and signature.body_hash == signature.body_hash_stated
        if signature.kind != "dkim" or not covers or not signature.surplus.raw.strip():
            continue
        values = {"signer": signature.domain[:120], "length": f"{signature.body_length:,}", "surplus": f"{beyond:,}"}
        yield Observation(
            sentence=_SAID(**values),
            bin="text",
            evidence=(cite_fact("beyond the signed length", signature.surplus, Role.SUSPECT),),
            suspect="body",
        )
        return


def cases() -> Iterator[Case]:
    """Cases of what lies beyond, and by whom."""

    def mail(
        surplus: str, *, stated: str = "aa", length: int | None = 500, size: int = 700, listed: str = ""
    ) -> Message:
        made = message(fields=[("DKIM-Signature", "v=1")], signatures=[("example.org", "s1")], list_id=listed)
        signed: Signature = msgspec.structs.replace(
            made.signatures[0],
            body_hash="aa",
            body_hash_stated=stated,
            body_length=length,
            body_size=size,
            surplus=located(surplus, "body", raw=surplus.encode()),
        )
        return msgspec.structs.replace(made, signatures=(signed,))

    yield fires(mail("Please pay to another account."), "text was added below", bin="text")
    yield fires(mail("-- \nboard", listed="board.example"), "a list's footer or anybody's: its habit tells", bin="text")
    yield silent(mail("\r\n\r\n"), "only blank lines")
    yield silent(mail("Please pay.", stated="bb"), "what it covers does not hold either")
    yield silent(mail("Please pay.", length=None), "no length is stated")
