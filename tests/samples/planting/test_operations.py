import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from random import Random

import pytest

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import body_hash, holds
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant
from samples.planting.operations import NOT_PLANTED, OPERATIONS

BY_ID = {operation.id: operation for operation in OPERATIONS}
HEADER_ONLY = (
    "O-15",
    "O-18",
    "O-19",
    "O-20",
    "O-21",
    "O-22",
    "O-23",
    "O-24",
    "O-25",
    "O-44",
    "O-45",
    "O-49",
    "O-50",
    "R-06",
)
BODY_ONLY = (
    "O-01",
    "O-02",
    "O-03",
    "O-04",
    "O-05",
    "O-06",
    "O-07",
    "O-09",
    "O-10",
    "O-11",
    "O-12",
    "O-14",
    "O-26",
    "R-01",
    "R-02",
    "R-03",
)
FIELDS = {
    "O-15": "date",
    "O-18": "date",
    "O-19": "date",
    "O-20": "date",
    "O-21": "from",
    "O-24": "bcc",
    "O-25": "subject",
    "O-49": "message-id",
    "O-50": "reply-to",
}


def first(archive: Archive, operation: Operation, wanted: Callable[[Plant], bool] = bool) -> tuple[Stored, Plant]:
    for mail in archive.mails:
        made = operation.plant(mail, archive, Random(7), False)
        if made is not None and wanted(made):
            return mail, made
    raise AssertionError(f"{operation.id} suits no mail")


def fields(data: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in Mail.parse(data).fields:
        found.setdefault(field.name.lower(), []).append(field.value)
    return found


def test_most_of_the_table_is_planted_and_the_rest_has_a_reason() -> None:
    assert len(BY_ID) == len(OPERATIONS) >= 40
    table = [f"O-{number:02d}" for number in range(1, 57)]
    related, signed = [f"R-{number:02d}" for number in range(1, 7)], [f"S-{number:02d}" for number in range(1, 9)]
    assert sorted([*BY_ID, *NOT_PLANTED]) == [*table, *related, *signed]
    assert all(NOT_PLANTED.values())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_every_operation_suits_some_mail_and_says_what_it_did(archive: Archive, operation: Operation) -> None:
    mail, made = first(archive, operation)
    assert made.cls in ("D", "D/P", "P", "N") and made.changed
    assert made.data != mail.data
    again = operation.plant(mail, archive, Random(7), False)
    assert again == made, "same seed, same bytes"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_a_sham_changes_no_word_and_no_value(archive: Archive, operation: Operation) -> None:
    mail, made = first(archive, operation)
    sham = operation.plant(mail, archive, Random(7), True)
    if operation.id == "R-05":
        assert sham is not None and Mail.parse(sham.data).body == Mail.parse(mail.data).body
        return
    if made.kind != "edit" or operation.id in ("O-51", "S-06"):
        assert sham is None
        return
    assert sham is not None
    if made.keys:
        assert fields(sham.data).keys() > fields(mail.data).keys(), "it is signed anew"
    assert {name: fields(sham.data)[name] for name in fields(mail.data)} == fields(mail.data)
    before, after = Mail.parse(mail.data), Mail.parse(sham.data)
    assert [before.payload(part) for part in before.parts()] == [after.payload(part) for part in after.parts()]


@pytest.mark.parametrize("name", HEADER_ONLY)
def test_header_operations_leave_the_body(archive: Archive, name: str) -> None:
    mail, made = first(archive, BY_ID[name])
    assert Mail.parse(made.data).body == Mail.parse(mail.data).body
    old, new = fields(mail.data), fields(made.data)
    changed = {field for field in {*old, *new} if old.get(field) != new.get(field)}
    assert len(changed) == 1
    assert changed == {FIELDS.get(name, *changed)}


@pytest.mark.parametrize("name", BODY_ONLY)
def test_body_operations_leave_the_header(archive: Archive, name: str) -> None:
    mail, made = first(archive, BY_ID[name])
    assert Mail.parse(made.data).header() == Mail.parse(mail.data).header()


def test_a_body_edit_changes_one_line_and_class_d_has_a_witness(archive: Archive) -> None:
    for name in ("O-01", "O-02", "O-05"):
        mail, made = first(archive, BY_ID[name], lambda made: made.cls == "N")
        old, new = mail.data.splitlines(), made.data.splitlines()
        assert len(old) == len(new) and sum(one != other for one, other in zip(old, new, strict=True)) == 1
        assert not archive.replies_to(mail.message_id)
        seen, _ = first(archive, BY_ID[name], lambda made: made.cls == "D")
        assert archive.replies_to(seen.message_id) or holds(Mail.parse(seen.data))


def test_weekdays_are_right_where_they_should_be(archive: Archive) -> None:
    for name, right in (("O-15", True), ("O-20", True), ("O-19", False)):
        _, made = first(archive, BY_ID[name])
        value = Mail.parse(made.data).value("Date")
        assert (parsedate_to_datetime(value).strftime("%a") == value[:3]) is right


def test_server_times_and_ids_move_as_far_as_the_operation_says(archive: Archive) -> None:
    mail, dates_only = first(archive, BY_ID["O-16"])
    _, everything = first(archive, BY_ID["O-17"])
    ids = [Mail.parse(data).value("Message-ID") for data in (mail.data, dates_only.data, everything.data)]
    assert ids[0] == ids[1] != ids[2]
    for data in (dates_only.data, everything.data):
        moved = Mail.parse(data)
        stamp = re.search(r"\d\d Mar 2016", moved.value("Received"))
        assert stamp is None and moved.value("Received")[-20:] == moved.value("Date")[-20:]
    digits = re.search(r"<(\d{8})", ids[2])
    assert digits and digits[1] != "20160301"


def test_a_quote_is_changed_only_where_the_parent_says_otherwise(archive: Archive) -> None:
    mail, made = first(archive, BY_ID["O-09"])
    changed = [
        line for line in made.data.decode().split("\n") if line.startswith(">") and line not in mail.data.decode()
    ]
    parent = archive.by_id(mail.references[0])[0].data.decode()
    assert len(changed) == 1 and changed[0].lstrip("> ") not in parent


def test_swapped_and_added_attachments_are_named_by_content(archive: Archive) -> None:
    for name in ("O-12", "O-26", "O-27", "O-28"):
        _, made = first(archive, BY_ID[name])
        mail = Mail.parse(made.data)
        assert made.items and set(made.items) <= {mail.payload(part) for part in mail.parts()}


def test_forgeries_name_their_donor_and_leave_it(archive: Archive) -> None:
    for name in ("O-31", "O-33", "O-34", "O-41"):
        mail, made = first(archive, BY_ID[name])
        assert made.kind == "insert" and made.donor == mail.path
    _, thread = first(archive, BY_ID["O-38"])
    mails = [Mail.parse(data) for data in (thread.data, *thread.more)]
    ids = [mail.value("Message-ID") for mail in mails]
    assert len(set(ids)) == 3
    assert [mail.value("In-Reply-To") for mail in mails[1:]] == ids[:2]
    _, sent = first(archive, BY_ID["O-34"])
    assert not Mail.parse(sent.data).all("Received")


def test_a_signature_of_a_lookalike_has_the_hash_of_the_body(archive: Archive) -> None:
    _, made = first(archive, BY_ID["O-47"])
    mail = Mail.parse(made.data)
    assert f"bh={body_hash(mail.body)};" in mail.value("DKIM-Signature") and holds(mail)


def test_known_body_hashes() -> None:
    # RFC 6376 3.4.3, 3.4.4: an empty body is CRLF when simple and nothing when relaxed.
    assert body_hash(b"", "simple") == "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
    assert body_hash(b"\n\n") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert body_hash(b" C \nD \t E\n\n\n") == body_hash(b" C\r\nD E\r\n")


def test_a_reply_is_put_under_a_mail_of_another_subject(archive: Archive) -> None:
    mail, made = first(archive, BY_ID["R-04"])
    (parent,) = archive.by_id(Mail.parse(made.data).value("In-Reply-To"))
    assert parent.message_id not in mail.references
    assert not set(parent.subject.split()) & set(mail.subject.split())


def test_a_second_mailbox_has_its_own_fields_and_another_word(archive: Archive) -> None:
    mail, made = first(archive, BY_ID["R-05"])
    old, new = fields(mail.data), fields(made.data)
    assert made.donor == mail.path
    assert set(new) - set(old) <= {"delivered-to", "return-path", "status"}
    assert len(new["received"]) == len(old["received"]) + 1
    before, after = Mail.parse(mail.data).body.split(b"\n"), Mail.parse(made.data).body.split(b"\n")
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
