"""Keys of authors for a terminal: those at hand, and authors whose signatures need one."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.sentences import Saying, says
from forensics.model.signer_keys import SignerKey, SignerKind
from forensics.model.signer_lines import SignerAtHand, SignerKeyLine, SignerUse
from forensics.report.cells import grid, plain
from forensics.report.key_lists import span
from forensics.report.visible import visible

AT_HAND: Mapping[SignerAtHand, Saying] = {
    SignerAtHand.FILE: says("report.signers.file", one="from a file"),
    SignerAtHand.MAIL: says("report.signers.mail", one="in the mail"),
    SignerAtHand.ARCHIVE: says("report.signers.archive", one="in other mails"),
    SignerAtHand.NONE: says("report.signers.none", one="none"),
}
METHODS: Mapping[str, str] = {SignerKind.SMIME: "S/MIME", SignerKind.OPENPGP: "OpenPGP"}
_ISSUER = says("report.signers.issuer", one="Issuer: {issuer}")
_ASK = says("report.signers.ask", one="Ask: {sender}, for the key or certificate that they signed with")
_REMOVED = says("report.signers.removed", one="{method} key {key} ({name}): taken out ({origin})")
_ORIGINS = 3


def keys(rows: Iterable[SignerKeyLine], language: str = "en") -> RenderableType:
    """Return one entry a key: whose it says to be, how many signatures it was tried on and made, where it is from."""
    say = Wording(language)
    table = grid(say, ("signer", "tested", "made", "key"), right=("tested", "made"), wide="signer")
    for row in rows:
        issuer = say.say(_ISSUER, issuer=row.issuer) if row.issuer else ""
        more = [METHODS[row.kind], row.key, issuer, span(row.valid_from, row.valid_until, say), *row.origins[:_ORIGINS]]
        table.add_row(
            _named([*row.addresses, *row.names][:1], more),
            plain(say.number(row.tested)),
            plain(say.number(row.holds)),
            plain(say.say(AT_HAND[SignerAtHand(row.obtained)])),
        )
    return table


def coverage(rows: Iterable[SignerUse], language: str = "en") -> RenderableType:
    """Return one entry a signer: mails that their key would decide, and whom to ask for it."""
    say = Wording(language)
    table = grid(say, ("signer", "decides", "mails", "key"), right=("decides", "mails"), wide="signer")
    for row in rows:
        more = [METHODS[row.kind], row.key, span(row.first, row.last, say)]
        if row.decides and row.senders:
            more.append(say.say(_ASK, sender=row.senders[0]))
        table.add_row(
            _named(row.senders, more),
            plain(say.number(row.decides)),
            plain(say.number(row.mails)),
            plain(say.say(AT_HAND[row.at_hand])),
        )
    return table


def removed(keys: Iterable[SignerKey], language: str = "en") -> Iterator[str]:
    """Yield the keys that were taken out, a line each."""
    say = Wording(language)
    for key in keys:
        name = next(iter([*key.addresses, *key.names]), "")
        origin = visible(key.origin)
        yield say.say(_REMOVED, method=METHODS[key.kind], key=key.key, name=visible(name), origin=origin)


def _named(names: Iterable[str], more: Iterable[str]) -> Text:
    return Text("\n").join([*map(plain, names), *[plain(line, "dim") for line in more if line]])
