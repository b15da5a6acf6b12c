from typing import Any

from forensics.checks import load
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Rule
from forensics.stages.grading.origin import ERA_BORDER, UNKNOWN, Origin, origins

OLD, NEW = ERA_BORDER - 1, ERA_BORDER


def test_server_time_goes_before_the_claimed_date(archive: Any) -> None:
    archive.add("messages", sha256="a", mask=int(MessageHas.LIST), arrived=NEW, date={"instant": OLD, "wall": OLD})
    archive.add("messages", sha256="b", mask=0, arrived=None, date={"instant": OLD, "wall": NEW})
    archive.add("messages", sha256="c", mask=0, arrived=None, date={"instant": None, "wall": NEW})
    archive.add("messages", sha256="d", mask=0, arrived=None, date=None)
    archive.add("messages", sha256="e", mask=0, arrived=None, date=None, hops=[{"by": "mx.example", "instant": None}])
    assert origins(archive.rows, ["d", "c", "b", "a", "a", "e", "unknown"]) == {
        "a": Origin(arrived=NEW, era="from2010", route="list"),
        "b": Origin(era="before2010", route="exported"),
        "c": Origin(era="from2010", route="exported"),
        "d": Origin(route="exported"),
        "e": Origin(route="direct", stamped=True),
    }


def test_a_document_has_its_own_era_and_the_first_carrying_mails_time(archive: Any) -> None:
    archive.add("messages", sha256="m1", mask=0, arrived=NEW + 5)
    archive.add("messages", sha256="m2", mask=0, arrived=NEW + 3)
    archive.add(
        "documents", sha256="x", modified={"instant": OLD, "wall": None}, created={"instant": NEW, "wall": None}
    )
    archive.add("documents", sha256="y", modified=None, created={"instant": None, "wall": OLD})
    archive.add("documents", sha256="z", modified=None, created=None)
    for mail in ("m1", "m2"):
        archive.add("occurrences", sha256="x", message_sha256=mail)
    archive.add("occurrences", sha256="y", message_sha256="")
    archive.add("occurrences", sha256="z", message_sha256="m1")
    archive.add("occurrences", sha256="other", message_sha256="m1")
    assert origins(archive.rows, ["x", "y", "z", "other"]) == {
        "x": Origin(arrived=NEW + 3, era="before2010"),
        "y": Origin(era="before2010"),
        "z": Origin(arrived=NEW + 5, era="from2010"),
        "other": Origin(arrived=NEW + 5, era="from2010"),
    }


def test_an_attached_mail_without_server_time_has_that_of_the_mail_around_it(archive: Any) -> None:
    archive.add("messages", sha256="outer", mask=0, arrived=NEW)
    archive.add("messages", sha256="inner", mask=0, arrived=None, date={"instant": OLD, "wall": OLD})
    archive.add("occurrences", sha256="inner", message_sha256="outer")
    assert origins(archive.rows, ["inner"]) == {"inner": Origin(arrived=NEW, era="from2010", route="exported")}


def test_what_a_store_keeps_was_not_counted(archive: Any) -> None:
    hops, stored = [{"by": "mx.example", "instant": NEW}], int(MessageHas.STORED)
    archive.add("messages", sha256="sent", mask=0, arrived=NEW, hops=hops)
    archive.add("messages", sha256="stored", mask=stored, arrived=NEW, hops=hops)
    archive.add("messages", sha256="unstamped", mask=stored, arrived=None, hops=[])
    found = origins(archive.rows, ["sent", "stored", "unstamped"])
    clock, text, store = load("mail.date_weekday").RULE, load("mail.lure").RULE, load("mail.stored_order").RULE

    def counted(rule: Rule) -> list[str]:
        return [name for name in ("sent", "stored", "unstamped") if found[name].as_counted(rule)]

    assert counted(clock) == ["sent", "stored"]
    assert counted(text) == ["sent"]
    assert counted(store) == ["sent", "stored", "unstamped"]
    assert UNKNOWN.as_counted(text)


def test_nothing_asked_nothing_queried(archive: Any) -> None:
    archive.database.close()
    assert origins(archive.rows, []) == {}
