"""Parts that authors signed, in words: what held, and with which key."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.sentences import Saying, says
from forensics.model.signed_parts import PartOutcome, SignedKind
from forensics.model.signer_lines import SignedPartLine
from forensics.report.cells import plain

_OUTCOMES: Mapping[str, Saying] = {
    PartOutcome.HOLDS: says("report.signed_part.holds", one="as it was signed"),
    PartOutcome.ALTERED: says("report.signed_part.altered", one="altered since it was signed"),
    PartOutcome.OTHER_KEY: says("report.signed_part.other_key", one="not made as it stands by the key that it names"),
    PartOutcome.NO_KEY: says("report.signed_part.no_key", one="no key; nothing shows that it was altered"),
    PartOutcome.UNREADABLE: says("report.signed_part.unreadable", one="the signature cannot be read"),
    PartOutcome.UNTESTED: says("report.signed_part.untested", one="not tested"),
    PartOutcome.ENCRYPTED: says("report.signed_part.encrypted", one="encrypted"),
}
_KEYS: Mapping[str, Saying] = {
    "mail": says("report.signed_part.of_mail", one="the key came with the mail itself: it may be anybody's"),
    "file": says("report.signed_part.of_file", one="key {key} of {origin}"),
    "archive": says(
        "report.signed_part.of_archive",
        one="key {key}, which 1 mail of this archive carries: it may be anybody's",
        many="key {key}, which {n} mails of this archive carry: it may be anybody's",
    ),
}
_METHODS: Mapping[str, str] = {
    SignedKind.SMIME: "S/MIME",
    SignedKind.SMIME_OPAQUE: "S/MIME",
    SignedKind.SMIME_ENCRYPTED: "S/MIME",
    SignedKind.PGP_MIME: "OpenPGP",
    SignedKind.PGP_INLINE: "OpenPGP",
    SignedKind.PGP_ENCRYPTED: "OpenPGP",
}
_LINE = says("report.signed_part.line", one="Part {number} ({method}): {said}")
_SIGNERS = says("report.signed_part.signers", one="it names {signers}")
_OUTSIDE = says("report.signed_part.outside", one="part {others} is shown beside it and is not signed")


def lines(parts: Iterable[SignedPartLine], language: str = "en") -> RenderableType:
    """Return a line a part: what its signature says, with which key, and what it does not cover."""
    say = Wording(language)
    return Group(*[plain(_line(part, say)) for part in parts])


def _line(part: SignedPartLine, say: Wording) -> str:
    said = [say.say(_OUTCOMES[part.outcome])]
    if part.obtained:
        said.append(say.say(_KEYS[part.obtained], part.carriers, key=part.key, origin=part.origin))
        said += [say.say(_SIGNERS, signers=", ".join(part.signers))] if part.signers else []
    if part.outside:
        said.append(say.say(_OUTSIDE, others=", ".join(part.outside)))
    return say.say(_LINE, number=part.number or "1", method=_METHODS[part.kind], said=say.clauses(said))
