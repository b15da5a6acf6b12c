"""Signatures of the leak: verified by dkimpy where it is installed, and their place and time by a reader of its own."""

import base64
import csv
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from random import Random

import pytest

from forensics._demo.leak.signing import forger

FIELD = re.compile(rb"^([!-9;-~]+):((?:[^\n]*\n[ \t])*[^\n]*)\n", re.MULTILINE)
SIGNED = ("dkim-signature", "arc-seal", "arc-message-signature", "arc-authentication-results")


def rows(item):
    """Name, lower case, and body of every field, from the top."""
    return [(name.decode().lower(), value.decode("latin-1")) for name, value in FIELD.findall(item.header + b"\n")]


def tag(value, name):
    return re.search(rf"(?:^|;)\s*{name}=([^;]*)", value)[1].strip()


def signatures(item):
    return [value for name, value in rows(item) if name == "dkim-signature"]


def by_list(item):
    return bool(item.fields("X-BeenThere"))


@pytest.fixture(scope="module")
def keys(leak):
    with (leak.folder / "keys.tsv").open(encoding="ascii", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    return {f"{row['selector']}._domainkey.{row['domain']}.": f"v=DKIM1; k=rsa; p={row['p']}".encode() for row in table}


@pytest.fixture(scope="module")
def lookup(keys):
    def answer(name, timeout=5):
        return keys.get(name.decode())

    return answer


@pytest.fixture(scope="module")
def altered(leak):
    """Mails of which a signed part is another than when it was signed: all planted, or carriers of what is planted."""
    found = leak.labelled("case.body_hash") | leak.labelled("case.header_signature")
    return found | {leak.label(key).carrier for key in ("contract", "certificate")}


def test_who_signs(leak):
    invented = {leak.label(key).sha256 for key in ("forged/1", "forged/2", "pasted", "invented/0", "invented/1")}
    genuine = [item for item in leak.mails if item.sha256 not in invented]
    assert Counter(tag(value, "d") for item in genuine for value in signatures(item)) == {
        "elan-garrigue.example": 96,
        "cabinet-marcheroux.example": 20,
        "troisplatane.prod.cloudpost.example": 20,
        "listes.elan-garrigue.example": 16,
        "postelibre.example": 15,
        "gazette-garrigue.example": 7,
    }
    assert sum(bool(item.fields("ARC-Seal")) for item in leak.mails) == 21
    kinds = {tag(value, "d"): tag(value, "c") for item in leak.mails for value in signatures(item)}
    assert [domain for domain, kind in kinds.items() if kind == "simple/simple"] == ["gazette-garrigue.example"]


def test_nothing_that_was_only_sent_or_never_signed_has_a_signature(leak):
    for item in leak.mails:
        sender = item.fields("From")[0]
        if not item.fields("Received") or "asso-garrigue" in sender or "moins-cheres" in sender:
            assert all("listes." in tag(value, "d") for value in signatures(item)), item.path


def test_only_the_invented_selector_has_no_key(leak, keys):
    without = {
        item.sha256
        for item in leak.mails
        for value in signatures(item)
        if f"{tag(value, 's')}._domainkey.{tag(value, 'd')}." not in keys
    }
    assert without == {leak.label(key).sha256 for key in ("invented/0", "invented/1")}
    assert len(keys) == 7


def test_what_is_signed_holds_unless_it_was_planted_or_a_list_changed_it(leak, lookup, altered):
    dkim = pytest.importorskip("dkim")
    broken, held = set(), 0
    for item in leak.mails:
        reader = dkim.DKIM(item.data)
        for place, value in enumerate(signatures(item)):
            if tag(value, "s") == "smtp2":
                continue
            try:
                holds = reader.verify(idx=place, dnsfunc=lookup)
            except dkim.ValidationError:
                holds = False
            own = by_list(item) and "listes." not in tag(value, "d")
            assert not (own and holds), "the list adds a footer to every mail"
            held += holds
            if not holds and not own:
                broken.add(item.sha256)
    assert broken == altered - {leak.label("certificate").carrier}, "the association's server signs nothing"
    assert held > 150


def test_sealed_sets_hold_unless_planted(leak, lookup, altered):
    dkim = pytest.importorskip("dkim")
    sealed = [item for item in leak.mails if item.fields("ARC-Seal")]
    broken = set()
    for item in sealed:
        result, chain, _ = dkim.ARC(item.data).verify(dnsfunc=lookup)
        assert chain[0]["as-valid"], "a seal signs its own set, which nobody touched"
        if result != b"pass":
            broken.add(item.sha256)
    assert broken == altered & {item.sha256 for item in sealed} and len(broken) == 3


def test_the_invented_signatures_hold_under_the_forgers_key_alone(leak, keys):
    dkim = pytest.importorskip("dkim")
    own = base64.b64encode(forger(Random(f"{leak.labels.seed}:forger")).key.public())
    assert not any(own in record for record in keys.values())
    for key in ("invented/0", "invented/1"):
        item = leak.item(key)
        (value,) = signatures(item)
        assert (tag(value, "d"), tag(value, "s")) == ("elan-garrigue.example", "smtp2")
        assert dkim.DKIM(item.data).verify(dnsfunc=lambda name, timeout=5: b"v=DKIM1; p=" + own)


def test_a_signature_stands_above_its_servers_trace_and_below_the_next_ones(leak):
    """The host right below is one of the signer's; the next one above is another's, or the list took over."""
    hosts = {
        "elan-garrigue.example": "mail.elan-garrigue.example",
        "listes.elan-garrigue.example": "listes.elan-garrigue.example",
        "gazette-garrigue.example": "envoi.gazette-garrigue.example",
        "cabinet-marcheroux.example": "eurprd05.prod.cloudpost.example",
        "troisplatane.prod.cloudpost.example": "eurprd05.prod.cloudpost.example",
        "postelibre.example": "203.0.113.132",
    }
    for item in leak.mails:
        fields = [row for row in rows(item) if row[0] in ("received", *SIGNED)]
        for place, (name, value) in enumerate(fields):
            if name == "dkim-signature":
                below = next(text for kind, text in fields[place:] if kind == "received")
                assert hosts[tag(value, "d")] in re.search(r"by\s+(\S+)", below)[1], item.path


def test_time_of_signing_is_that_of_the_server(leak):
    signed = set()
    for item in leak.mails:
        for place, (name, value) in enumerate(rows(item)):
            if name != "dkim-signature" or "t=" not in value.split("bh=")[0]:
                continue
            below = next(text for kind, text in rows(item)[place:] if kind == "received")
            moment = parsedate_to_datetime(below.rsplit(";", 1)[1].strip()).timestamp()
            if abs(int(tag(value, "t")) - moment) > 1:
                signed.add(item.sha256)
    assert signed == leak.labelled("mail.signing_time") - {leak.label("advance").sha256}, "there Date was changed"


def test_the_pasted_signature_is_that_of_the_donor(leak):
    pasted, donor = leak.item("pasted"), leak.item("report/11/chief")
    assert signatures(pasted) == signatures(donor) and pasted.fields("Message-ID") != donor.fields("Message-ID")


def test_the_altered_report_has_one_digit_more(leak):
    text = leak.item("report/9").data.decode("latin-1")
    doors, talks, leaflets = [int(number) for number in re.findall(r"(\d+) (?:portes|conversations|tracts)", text)]
    assert talks == doors // 3 and leaflets == 9000 + doors * 2 + 9
