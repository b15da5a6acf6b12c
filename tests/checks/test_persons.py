"""What a person does is one observation, and nobody is no person."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import forensics
from forensics.examples.mails import message
from forensics.model.mail import Message, Party

pytestmark = pytest.mark.usefixtures("in_process")

FIRST = datetime(2002, 7, 1, 8, 3, tzinfo=UTC)
Comparison = Callable[[dict[str, bytes]], dict[str, list[str]]]

AT_WORK = {"id": "GA12{n}@work.example.com", "client": "Mutt/1.4i", "server": "relay.example.com", "zone": 1}
AT_HOME = {"id": "abc.{n}@home.example.net", "client": "KMail/1.4.1", "server": "mail.example.net", "zone": 1}


def mail(
    number: int, setup: dict[str, object], *, sender: str = "Niall <niall@example.ie>", answers: str = ""
) -> bytes:
    at = FIRST + timedelta(days=number, hours=number * 7)
    zone = int(str(setup["zone"]))
    dated = (at + timedelta(hours=zone)).strftime(f"%a, %d %b %Y %H:%M:%S {'-' if zone < 0 else '+'}{abs(zone):02}00")
    stamp = (at + timedelta(seconds=9)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    lines = [f"Received: from {setup['server']} ([192.0.2.60]) by mx.example.org with ESMTP id 1{number:05}; {stamp}"]
    lines += [f"Received: from desk ([192.0.2.9]) by {setup['server']} with ESMTP id 2{number:05}; {stamp}"]
    own = [f"Message-ID: <{str(setup['id']).format(n=number)}>", f"User-Agent: {setup['client']}", f"Date: {dated}"]
    # A program writes its fields in an order of its own.
    lines += [*own, f"From: {sender}"] if setup["client"] == "Mutt/1.4i" else [f"From: {sender}", *reversed(own)]
    lines += [f"Reply-To: {answers}"] if answers else []
    return "\n".join([*lines, "To: list@example.org", f"Subject: topic {number}", "", f"Text {number}.", ""]).encode()


@pytest.fixture
def found(tmp_path: Path) -> Comparison:
    """Rules that accuse each item above context, with strengths, by name."""

    def make(files: dict[str, bytes]) -> dict[str, list[str]]:
        source = tmp_path / "leak"
        source.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        forensics.scan([source], tmp_path / "case")
        listed: dict[str, list[str]] = {}
        for finding in forensics.findings(tmp_path / "case"):
            for subject in finding.subjects:
                if finding.strength != "context" and subject.role != "witness":
                    name = subject.location.text.rpartition("/")[2]
                    listed.setdefault(name, []).append(f"{finding.rule} {finding.bin} {finding.strength}")
        return listed

    return make


def at_work(n: int = 24) -> dict[str, bytes]:
    return {f"{number}": mail(number, AT_WORK) for number in range(n)}


def test_a_private_computer_with_a_private_address_is_one_weak_finding(found: Comparison) -> None:
    files = at_work() | {"home": mail(24, AT_HOME, answers="niall@private.example")}
    assert found(files) == {"home": ["case.sender_profile elsewhere weak"]}


def test_a_computer_in_another_zone_by_another_provider_is_one_finding(found: Comparison) -> None:
    files = at_work() | {"away": mail(24, AT_HOME | {"zone": -5}, answers="niall@private.example")}
    assert found(files) == {"away": ["case.sender_profile all_three moderate"]}


def test_answers_that_lead_elsewhere_from_the_usual_computer_stay(found: Comparison) -> None:
    files = at_work() | {"usual": mail(24, AT_WORK, answers="niall@private.example")}
    assert found(files) == {"usual": ["case.reply_elsewhere new_house moderate"]}


def test_three_mails_from_a_private_computer_are_weak_at_most(found: Comparison) -> None:
    home = {f"home{n}": mail(24 + n, AT_HOME, answers="niall@private.example") for n in range(3)}
    accused = found(at_work() | home)
    assert set(accused) == set(home)
    assert {rule for rules in accused.values() for rule in rules} == {"case.reply_elsewhere other_setup weak"}


def test_three_mails_of_the_usual_computer_with_another_address_are_moderate(found: Comparison) -> None:
    files = at_work() | {f"usual{n}": mail(24 + n, AT_WORK, answers="niall@private.example") for n in range(3)}
    assert {rule for rules in found(files).values() for rule in rules} == {"case.reply_elsewhere new_house moderate"}


def test_answers_that_lead_to_a_correspondent_stay_beside_the_marks(found: Comparison) -> None:
    eva = {f"eva{n}": mail(40 + n, AT_HOME, sender="Eva <eva@example.net>") for n in range(5)}
    files = at_work() | eva | {"other": mail(24, AT_HOME, answers="eva@example.net")}
    assert "case.reply_elsewhere other_person moderate" in found(files)["other"]


def test_a_list_that_writes_for_many_leads_answers_to_each(found: Comparison) -> None:
    files = {
        f"{n}": mail(n, AT_WORK, sender=f'"P{n} via list" <list@example.org>', answers=f"p{n}@h{n}.example")
        for n in range(12)
    }
    own = {f"own{n}": mail(40 + n, AT_WORK, sender="<list@example.org>") for n in range(14)}
    assert found(files | own) == {}


def test_a_sender_without_an_address_has_no_habits(found: Comparison) -> None:
    files = {}
    for place, sender in enumerate(
        ["Nia <>", "<>", "<@>", "<@example.ie>", '<"">', '""<>', "undisclosed-recipients:;"]
    ):
        first = 100 * place
        files |= {f"{n}": mail(n, AT_WORK, sender=sender) for n in range(first, first + 24)}
        odd = mail(first + 24, AT_HOME | {"zone": -5}, sender=sender, answers="a@b.example")
        files |= {f"odd{place}": odd}
    accusing = [rule for rules in found(files).values() for rule in rules]
    assert [rule for rule in accusing if rule.startswith("case.")] == []


@pytest.mark.parametrize(
    ("address", "known"),
    [("", ""), ("@", ""), ("@x.example", ""), ('""', ""), ('""@x.example', ""), ("undisclosed-recipients:;", "")]
    + [(one, one) for one in ("root", "a@x.example", "/O=CORP/CN=ANNA", "анна@x.example")],
)
def test_by_what_a_sender_is_known(address: str, known: str) -> None:
    def named() -> Message:
        mail = message("2017-03-06T10:00:00+00:00")
        party = Party(field="from", index=0, name="", address=address, domain="", valid=False)
        return type(mail)(**{name: getattr(mail, name) for name in mail.__struct_fields__} | {"parties": (party,)})

    assert named().sender_known_as == known
