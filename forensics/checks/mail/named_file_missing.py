"""The mail's writer says that a file comes with it, and the mail carries none, or none of that name.

A mail is sent with what its writer, or the program that wrote a file's name into the text, says it carries. Where the
file is gone, somebody took it out or the mail was sent without it; where another name stands there, it was renamed or
another file put in its place.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.checks._files import ending_of, fits, plain_name
from forensics.checks._reasons import NO_END
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import attachment, message
from forensics.model.facts import Located
from forensics.model.mail import BodyPart, Message
from forensics.model.mail_texts import FileMention
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.named_file_missing",
    version=1,
    title="A file that the mail speaks of is not in it",
    subject=Subject.MESSAGE,
    needs=MessageHas.SPEAKS_OF_FILE,
    bins=(Bin("noted_other"), Bin("noted"), Bin("named_other"), Bin("named"), Bin("said")),
    group="content",
    compare_with="sender",
    proposition=Proposition.INCOMPLETE,
    ceiling=Strength.CONTEXT,
    benign=("stripped_attachment", "file_forgotten", "file_in_text", "gateway_rename", "cut_copy"),
    settle=settle.SENDER_COPY,
    references=("kb:O-26", "kb:O-28", "kb:O-29"),
)

_SAID = {
    "noted_other": says(
        "rule.mail.named_file_missing.noted_other",
        one=(
            "The sender's program wrote the name of a file into the text where it stood, “{name}”; the mail carries a "
            "file of that type under another name, {carried}."
        ),
    ),
    "noted": says(
        "rule.mail.named_file_missing.noted",
        one=(
            "The sender's program wrote the name of a file into the text where it stood, “{name}”; the mail carries no "
            "such file (files in it: {files})."
        ),
    ),
    "named_other": says(
        "rule.mail.named_file_missing.named_other",
        one=(
            "The text names a file that comes with it, “{name}”; the mail carries a file of that type under another "
            "name, {carried}."
        ),
    ),
    "named": says(
        "rule.mail.named_file_missing.named",
        one=(
            "The text names a file that comes with it, “{name}”; the mail carries no such file (files in it: {files})."
        ),
    ),
    "said": says(
        "rule.mail.named_file_missing.said",
        one="The text says that something comes with the mail (“{name}”); the mail carries no file.",
    ),
}
_REWRITTEN = says("note.body_changed_on_way", one="A server says in the header that it changed the body: {said}")

_UNTOLD = ("application/ms-tnef", "application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
"""Parts that may hold files whose names no part tells."""
_IN_PARTS = ("message/", "application/pgp-encrypted", *_UNTOLD)


class _Carried(NamedTuple):
    """What a mail carries."""

    files: Sequence[BodyPart]
    names: Sequence[str]
    untold: bool
    """Whether it holds files, or may, whose names none of its parts says."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Look for each file that the mail speaks of; report the first of each kind that is not there."""
    carried = _carried(message)
    told: set[str] = set()
    for mention in message.mentions:
        name = _missing(mention, carried)
        evidence = _cited(mention)
        if name and name not in told and evidence is not None:
            told.add(name)
            yield _observation(message, name, mention, evidence, carried)


def _carried(message: Message) -> _Carried:
    files = [
        part
        for part in message.parts
        if part.media_type not in ("text/plain", "text/html") or part.filename or part.disposition == "attachment"
    ]
    names = [name for part in files for name in (part.filename, *part.other_names) if name]
    untold = message.items > len(files) or any(
        part.media_type.startswith(_IN_PARTS) or (not part.filename and part.media_type != "application/pgp-signature")
        for part in files
    )
    return _Carried(files, names, untold)


def _missing(mention: FileMention, carried: _Carried) -> str:
    """Return the bin of a file that is not there; empty: it is, or may be."""
    if mention.kind == "said":
        return "" if carried.files or carried.untold else "said"
    wanted = plain_name(mention.shown.value)
    if carried.untold or not wanted or any(fits(wanted, plain_name(name)) for name in carried.names):
        return ""
    return f"{mention.kind}_other" if _same_type(mention.shown.value, carried.names) else mention.kind


def _same_type(wanted: str, names: Sequence[str]) -> str:
    """Return the first name that has the same ending."""
    return next((name for name in names if ending_of(name) == ending_of(wanted)), "")


def _cited(mention: FileMention) -> Evidence | None:
    if not mention.shown.raw:
        return None
    if mention.exact:
        return cite_fact(f"part {mention.part}", mention.shown, Role.EITHER)
    return cite_fact(
        f"beginning of part {mention.part}", Located("", mention.shown.raw, mention.shown.locator), Role.EITHER
    )


def _observation(
    message: Message, name: str, mention: FileMention, evidence: Evidence, carried: _Carried
) -> Observation:
    values = {"name": mention.shown.value[:120]}
    if name.endswith("_other"):
        values["carried"] = _same_type(mention.shown.value, carried.names)[:120]
    elif name != "said":
        values["files"] = str(len(carried.files))
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=(evidence,),
        suspect=f"part:{mention.part}",
        keys={} if name == "said" else {"name": mention.shown.value[:200]},
        benign=tuple(_causes(message)),
    )


def _causes(message: Message) -> Iterator[BenignState]:
    if message.breaks_off:
        yield settled("cut_copy", State.EXPLAINS, NO_END())
    if message.rewritten:
        yield settled("stripped_attachment", State.EXPLAINS, _REWRITTEN(said=message.rewritten[:120]))


def cases() -> Iterator[Case]:
    """Cases of names and phrases, with the file, without it, and with another."""

    def mail(
        kind: str, name: str, *names: str, media_type: str = "application/pdf", cut: bool = False, rewritten: str = ""
    ) -> Message:
        mention = FileMention(kind=kind, shown=located(name, "part:1", raw=name.encode(), start=80), part="1")
        parts = [msgspec.structs.replace(attachment(10, 10, media_type), filename=one) for one in names]
        return message(attached=parts, mentions=(mention,), breaks_off=cut, rewritten=rewritten)

    yield fires(mail("noted", "draft 3.doc", "final.doc"), "Outlook names another file", bin="noted_other")
    yield fires(mail("noted", "draft 3.doc"), "Outlook names a file that is not there", bin="noted")
    yield fires(mail("named", "Budget.xlsx", "scan.pdf", "b.xls"), "a table by another name", bin="named_other")
    yield fires(mail("named", "Budget.xlsx", "scan.pdf"), "another file", bin="named")
    yield fires(mail("said", "please find attached"), "no file at all", bin="said")
    yield explained(mail("named", "Budget.xlsx", cut=True), "a mail that breaks off", by="cut_copy")
    filtered = mail("noted", "Budget.xlsx", rewritten="X-Content-Filtered-By: Mailman/MimeDel 2.1.5")
    yield explained(filtered, "a list that takes files out", by="stripped_attachment")
    yield silent(mail("noted", "draft 3.doc", "Draft_3.DOC"), "the file, spelled otherwise")
    yield silent(mail("named", "v3.docx", "Draft v3.docx"), "the last word of its name")
    yield silent(mail("said", "please find attached", "x.pdf"), "some file")
    yield silent(mail("named", "a.doc", "winmail.dat", media_type="application/ms-tnef"), "a file in Outlook's wrapper")
