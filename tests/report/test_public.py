"""The edition for the public: who is named, what is withheld, and that the report still says all else."""

import re

import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import ItemRef, Raw, Related
from forensics.model.ledger import Ledger, LedgerLine, LedgerReach
from forensics.model.rules import Proposition, Role
from forensics.model.summary import Lure
from forensics.report.html import render
from forensics.report.public import for_public

SAY = Wording("en")
OWN = "elise.marchand@campaign.example"
OTHER = "uncle@private.example"


@pytest.fixture
def shown(summary):
    """A case in which a bystander stands wherever one can."""
    ranked = summary.ranking[0]
    name = ranked.findings[0]
    stored = summary.findings[name]
    witness = msgspec.structs.replace(
        stored.finding.evidence[1], raw=Raw(b64=OTHER.encode(), text=OTHER), value=f"Uncle Bob <{OTHER}>"
    )
    said = f"The 14 other mails of Uncle Bob <{OTHER}> differ; <id.7@private.example> and {OWN} do not."
    finding = msgspec.structs.replace(
        stored.finding, statement=said, evidence=(stored.finding.evidence[0], witness, *stored.finding.evidence[2:])
    )
    stored = msgspec.structs.replace(stored, finding=finding)
    lure = Lure(sha256="a" * 64, place="secret folder/x.eml", claimed=0, sender=OTHER, subject="bait", findings=())
    away = ItemRef(sha256="b" * 64, location=ranked.item.location)
    bystander = msgspec.structs.replace(
        summary.items[ranked.item.sha256],
        ref=away,
        title="Family matters",
        claims=(("From", f"Uncle Bob <{OTHER}>"),),
    )
    line = msgspec.structs.replace(ranked, reasons=(said,), related=(Related(item=away, relation="quotes"),))
    month = LedgerLine(
        **{
            "source": "leak.zip",
            "mailbox": "people/uncle",
            "month": "2016-01",
            "mails": 3,
            "answered": 0,
            "missing": 0,
        },
        **{"threads": 0, "incomplete": 0, "expected": 0.1, "numbers": 0, "numbers_missing": 0},
        **{"silent_days": 0, "silent_from": ""},
    )
    reach = LedgerReach(mails=3, answering=0, missing=0, judged=True)
    return msgspec.structs.replace(
        summary,
        ranking=(line, *summary.ranking[1:]),
        findings={**summary.findings, name: stored},
        items={**summary.items, away.sha256: bystander},
        lures=(lure,),
        lured=1,
        texts={ranked.item.sha256: "The first words of the mail"},
        ledger=Ledger(months=(month,), mailboxes=1, marked=0, reach=reach),
    )


@pytest.fixture
def text(shown):
    page = render(for_public(shown, [OWN, OTHER, "cedric@campaign.example"], SAY))
    return re.sub("<[^>]*>", " ", page[page.index("<body>") :])


def test_a_bystander_has_one_pseudonym_everywhere(text):
    assert OTHER not in text and "Uncle" not in text
    assert "The 14 other mails of person 1 differ" in text
    assert "person 2" not in text


def test_who_is_in_a_ranked_item_is_named_and_ids_of_messages_stay(text):
    assert OWN in text and "cedric@campaign.example" in text
    assert "id.7@private.example" in text


def test_places_folders_lures_first_words_and_other_mails_are_withheld(text):
    for gone in ("campaign.mbox", "secret folder", "people/uncle", "bait", "Family matters", "The first words"):
        assert gone not in text, gone
    assert "mailbox 1" in text
    assert "1 mail or file would have led its reader elsewhere; it is withheld in this edition." in text
    assert "No mail or file was found that leads its reader elsewhere" not in text


def test_only_the_deciding_bytes_are_quoted(shown, text):
    assert "Tue, 24 Apr 2017 10:12:31 +0200" in text
    assert "X-Link" not in text and "evil" not in text
    made = for_public(shown, [OTHER], SAY)
    for stored in made.findings.values():
        for part in stored.finding.evidence:
            if getattr(part, "role", None) is Role.WITNESS and hasattr(part, "raw"):
                assert part.raw.b64 == b"" and part.value == "[withheld]"


def test_a_hidden_mark_is_withheld(shown):
    name = shown.ranking[0].findings[0]
    stored = shown.findings[name]
    marked = msgspec.structs.replace(stored.finding, proposition=Proposition.HIDDEN_MARK)
    findings = {**shown.findings, name: msgspec.structs.replace(stored, finding=marked)}
    made = for_public(msgspec.structs.replace(shown, findings=findings), [], SAY)
    assert {part.value for part in made.findings[name].finding.evidence if hasattr(part, "raw")} == {"[withheld]"}


def test_counts_strengths_and_digests_are_those_of_the_case(shown):
    made = for_public(shown, [OTHER], SAY)
    assert [line.strength for line in made.ranking] == [line.strength for line in shown.ranking]
    assert [line.items[0].sha256 for line in made.ranking] == [line.items[0].sha256 for line in shown.ranking]
    assert made.counts == shown.counts and made.custody_head == shown.custody_head
    assert made.public and not shown.public
