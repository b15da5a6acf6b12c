"""What is planted among signed mails: a changed body, a signature of another mail, a key of the forger's own."""

import re
from dataclasses import replace
from random import Random

from forensics._demo.leak.clock import at, later
from forensics._demo.leak.plot import Stored, single, store
from forensics._demo.leak.signing import DKIM, Signer, Signers
from forensics._demo.leak.taints import Planted, pick, with_field

ALTERED = "report/9"
"""Key of the signed mail in which one number is changed."""
SIGNATURE_DONOR = "report/11"
"""Key of the mail whose signature an invented one carries."""

_FORGED = at("2017-04-26 19:41:12")
"""The forger's clock, two days after the leak was copied: their program signs with the time that it is."""
_INVENTED = (
    (
        *("2017-03-28 15:20:00", "Pigeons, suite"),
        "Inès, c'est décidé : on repeint les pigeons en bleu avant dimanche. Fais passer ça en frais de cantine.",
    ),
    (
        *("2017-04-13 10:05:00", "Pigeons, fin"),
        "La peinture est livrée. Dis à tout le monde que c'était leur couleur.",
    ),
)
_REPORT = "Bonjour Inès,\n\n4 000 portes hier soir, toutes ouvertes. Les habitants demandent un aéroport."


def altered_report(mails: list[Stored]) -> Planted:
    """One number of a signed mail."""
    item = pick(mails, ALTERED, "chief")
    head, body = item.source.split(b"\n\n", 1)
    written = re.search(rb"\d+ tracts", body)
    assert written
    changed = body.replace(written[0], b"9" + written[0], 1)
    text = written[0].decode("ascii")
    return Planted(
        replace(item, source=head + b"\n\n" + changed),
        ("O-02",),
        f"{text} became 9{text}; the header, its signature and its time are untouched.",
        ("case.body_hash",),
    )


def pasted_signature(mails: list[Stored], rng: Random, signers: Signers) -> Planted:
    """An invented mail without fault in its ids, under the signature of a genuine mail of its sender."""
    donor = pick(mails, SIGNATURE_DONOR, "chief")
    field = re.search(rb"^DKIM-Signature: ([^\n]*(?:\n[ \t][^\n]*)*)", donor.source, re.MULTILINE)
    assert field
    mail = single("pasted", "gael", "ines", "2017-02-16 09:41:00", "Rapport spécial", _REPORT, rng)
    (item,) = store(*mail, rng, signers)
    return Planted(
        replace(item, source=with_field(item.source, DKIM, field[1].decode("ascii"))),
        ("O-30", "O-46"),
        f"Invented mail, ids and dates without fault; its signature was cut out of the mail {SIGNATURE_DONOR}.",
        ("case.token_reuse", "case.body_hash", "case.header_signature", "mail.signing_time"),
    )


def invented_selector(rng: Random, signers: Signers, forger: Signer) -> list[Planted]:
    """Two invented mails that the forger signed for the campaign, with a key and under a selector of their own."""
    planted = []
    for number, (when, subject, text) in enumerate(_INVENTED):
        mail = single(f"invented/{number}", "clovis", "ines", when, subject, text, rng)
        signer = replace(forger, signs_at=later(_FORGED, 160 * number))
        (item,) = store(*mail, rng, {**signers, "campaign": signer})
        planted.append(
            Planted(
                item,
                ("O-30",),
                f"Invented mail, signed on 26 April 2017 with a key of the forger's own under the selector "
                f"{forger.selector}, which the campaign never had. It verifies under that key, which is in no file.",
                ("mail.signing_time",),
            )
        )
    return planted
