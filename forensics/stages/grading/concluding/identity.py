"""Whose a mail is by its signatures, its first server and its id, beside what From says."""

from forensics.knowledge.operators import operator_of
from forensics.knowledge.suffixes import is_public
from forensics.model.sentences import says
from forensics.stages.grading.concluding.entry import Conclusion, Entry
from forensics.stages.grading.concluding.facts import Facts, SignedRow

_BOTH = says(
    "conclusion.identity.both",
    one="From says {sender}. Under that name or of its operator: {own}. Under other names: {others}.",
)
_OWN = says(
    "conclusion.identity.own",
    one="From says {sender}, and what is compared is under that name or of its operator: {own}.",
)
_OTHERS = says(
    "conclusion.identity.others",
    one="From says {sender}, and nothing that is compared is under that name or of its operator: {others}.",
)
_SIGNED = {
    True: says("conclusion.identity.holds", one="a signature of {domain} that holds"),
    False: says("conclusion.identity.fails", one="a signature of {domain} that does not fit the mail"),
    None: says("conclusion.identity.untested", one="a signature of {domain} that no key at hand tests"),
}
_SERVER = says("conclusion.identity.server", one="the first server ({host})")
_ID = says("conclusion.identity.id", one="the host in the Message-ID ({host})")

WHOSE = frozenset(
    (
        *("case.foreign_signer", "case.signing_key", "case.signing_selector", "mail.recorded_signature"),
        *("mail.recorded_from", "mail.authentication_conflict", "mail.sender_ambiguous", "case.lookalike_domain"),
        *("case.name_of_another", "case.reply_elsewhere", "case.sender_profile"),
    )
)
"""Rules that put in doubt whose one mail is, by its own marks: not what another quotes, nor from where it was sent."""
MOST = 4
"""Signers that are named."""


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say whose the parts of a mail are, where a finding on its sender decides."""
    mail = facts.mail(entry.item)
    if mail is None or not entry.of(*WHOSE) or not mail.sender or not mail.sender_domain:
        return ()
    own = operator_of(mail.sender_domain)
    signed: dict[str, bool | None] = {}
    for row in facts.signed.get(entry.item, ()):
        signed[row.domain] = _better(signed.get(row.domain, _state(row)), _state(row))
    parts = [(domain, _SIGNED[state](domain=domain[:120])) for domain, state in list(signed.items())[:MOST]]
    if mail.first_hop and is_public(mail.first_hop):
        parts.append((mail.first_hop, _SERVER(host=mail.first_hop[:120])))
    if mail.id_host and is_public(mail.id_host):
        parts.append((mail.id_host, _ID(host=mail.id_host[:120])))
    alike = tuple([said for name, said in parts if operator_of(name) == own])
    others = tuple([said for name, said in parts if operator_of(name) != own])
    values = {"sender": mail.sender[:200]}
    if alike and others:
        return (_BOTH(**values, own=alike, others=others),)
    if others:
        return (_OTHERS(**values, others=others),)
    return (_OWN(**values, own=alike),) if alike else ()


def _state(row: SignedRow) -> bool | None:
    if row.header_holds is False or row.body_holds is False:
        return False
    return True if row.header_holds and row.body_holds else None


def _better(one: bool | None, other: bool | None) -> bool | None:
    """Of two signatures of one signer, the one that holds, else one that nothing tests."""
    if one or other:
        return True
    return None if one is None or other is None else False
