from random import Random

import pytest

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import holds, tags
from samples.planting.mail import Mail
from samples.planting.operation import Plant
from samples.planting.operations import OPERATIONS
from tests.samples.planting.dns import verified

BY_ID = {operation.id: operation for operation in OPERATIONS}
SIGNED = ("O-08", "S-01", "S-02", "S-03", "S-04")


def planted(archive: Archive, name: str) -> tuple[Stored, Plant, Plant]:
    for mail in archive.mails:
        made = BY_ID[name].plant(mail, archive, Random(7), False)
        sham = BY_ID[name].plant(mail, archive, Random(7), True)
        if made is not None and sham is not None:
            return mail, made, sham
    raise AssertionError(f"{name} suits no mail")


@pytest.mark.parametrize(("name", "holds"), [("O-08", True), ("S-01", True), ("S-02", False), ("S-04", False)])
def test_the_sham_verifies_and_the_plant_as_its_operation_says(archive: Archive, name: str, holds: bool) -> None:
    _, made, sham = planted(archive, name)
    assert made.keys == sham.keys and len(made.keys) == 1
    assert verified(Mail.parse(sham.data), *sham.keys)
    assert verified(Mail.parse(made.data), *made.keys) is holds


@pytest.mark.parametrize("name", SIGNED)
def test_a_sham_is_the_mail_with_signatures_above_it(archive: Archive, name: str) -> None:
    mail, made, sham = planted(archive, name)
    signed = Mail.parse(sham.data)
    signed.fields = [field for field in signed.fields if not field.name.lower().startswith(("dkim-", "arc-"))]
    assert signed.data() == mail.data
    assert made.data != sham.data


def test_text_stands_after_the_signed_length(archive: Archive) -> None:
    _, made, sham = planted(archive, "O-08")
    assert made.data.startswith(sham.data) and holds(Mail.parse(made.data))


@pytest.mark.parametrize(("name", "times"), [("S-01", 1), ("S-02", 2)])
def test_a_doubled_field_stands_above_the_signed_one(archive: Archive, name: str, times: int) -> None:
    mail, made, _ = planted(archive, name)
    parsed = Mail.parse(made.data)
    field = made.changed.partition(":")[0]
    assert [one.value for one in parsed.all(field)][1:] == [Mail.parse(mail.data).value(field)]
    named = tags(parsed.value("DKIM-Signature"))["h"].split(":")
    assert {named.count(one) for one in ("from", "subject", "date")} == {times}


def test_the_body_held_when_the_failed_chain_was_sealed(archive: Archive) -> None:
    _, made, sham = planted(archive, "S-03")
    for plant, fits in ((sham, True), (made, False)):
        mail = Mail.parse(plant.data)
        assert [tags(field.value)["cv"] for field in mail.all("ARC-Seal")] == ["fail", "none"]
        newest = Mail.parse(b"DKIM-Signature:" + mail.all("ARC-Message-Signature")[0].raw.partition(b":")[2] + b"\n")
        newest.body = mail.body
        assert holds(newest) is fits
    selectors = {tags(field.value)["s"] for field in Mail.parse(made.data).all("ARC-Seal")}
    assert len(selectors) == 2 and [key.selector in selectors for key in made.keys] == [True]


def test_signed_mails_and_old_ones_are_left_alone(archive: Archive) -> None:
    for mail in archive.mails:
        if b"DKIM-Signature" in mail.data or (mail.date and mail.date.year < 2018):
            assert BY_ID["S-03"].plant(mail, archive, Random(1), False) is None
        if b"DKIM-Signature" in mail.data:
            assert BY_ID["S-01"].plant(mail, archive, Random(1), False) is None
