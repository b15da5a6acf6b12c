"""The Message-ID is one that another program makes than the one that the mail names."""

import re
from collections.abc import Iterator
from functools import lru_cache

from forensics.checks import settle
from forensics.checks._facts import cite_header
from forensics.checks._programs import NAMING, OWN, given_by_server, named, only_forms
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.times import DAY
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.id_form",
    version=2,
    title="Message-ID from another program than the mail names",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.MESSAGE_ID,
    bins=(
        Bin("other_program"),
        Bin("gmail_host"),
        Bin("gmail_length"),
        Bin("online_host"),
        Bin("version", ceiling=Strength.WEAK),
    ),
    group="message id",
    compare_with="sender_client",
    proposition=Proposition.FORGED,
    ceiling=Strength.STRONG,
    benign=("id_by_chance", "id_by_script", "broken_client", "unsolicited"),
    accuses=("message-id",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:T-51", "kb:T-52", "kb:T-53", "kb:T-54", "kb:F-04", "kb:O-49"),
)

_SAID = {
    "other_program": says(
        "rule.mail.id_form.other_program",
        one="The mail names {client}, but its Message-ID ({id}) has the form used by {form}.",
    ),
    "gmail_host": says(
        "rule.mail.id_form.gmail_host",
        one="The Message-ID ({id}) is at Gmail's own host, but has the form used by {form}.",
    ),
    "gmail_length": says(
        "rule.mail.id_form.gmail_length",
        one="The Message-ID ({id}) has Gmail's host and prefix, but not the 51 characters that Gmail makes.",
    ),
    "online_host": says(
        "rule.mail.id_form.online_host",
        one=(
            "The Message-ID ({id}) has a host of Exchange Online, but not the form that such a host makes: its "
            "own name and 25 hexadecimal digits."
        ),
    ),
    "version": says(
        "rule.mail.id_form.version",
        one="The mail names {client}, but its Message-ID ({id}) has the form used by {form}.",
    ),
}

CLIENTS = frozenset[str]().union(*[forms for _, forms in OWN]) - {"Exchange", "Exchange Online"}
"""Structures that only the sender's program makes; servers give ids of their own to mail that has none."""
GMAIL_LENGTH = 51
_ONLINE = re.compile(r"[0-9A-F]{25}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
"""The receiving service gives it to a mail that had none."""
_NEW_MOZILLA = re.compile(r"Thunderbird/(\d{2,3})\.")
_FIRST_UUID, _SURE = 45, 60
"""Version of Thunderbird from which ids are UUIDs, and from which they are so in every build."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold the id's structure against what the named program makes; one that a server gave tells nothing of it."""
    shown = next((one[3:] for one in message.form if one.startswith("id=")), "")
    program = named(message)
    name = _service(message.message_id.value)
    if not name:
        name = _client(message.message_id.value, shown, program)
        if not name or (name != "gmail_host" and given_by_server(message)):
            return
    fields = [field for field in message.headers if field.key in ("message-id", "user-agent", "x-mailer", *NAMING)]
    values = {"id": message.message_id.value[:200], "form": shown, "client": program[:100]}
    yield Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=tuple([cite_header(field, Role.EITHER) for field in fields[:3]]),
        suspect="header:Message-ID[0]",
    )


def _client(identifier: str, shown: str, program: str) -> str:
    """Return the bin of an id that another program makes than the one that the mail names."""
    if not _is_of_clients(shown):
        return ""
    return "gmail_host" if identifier.endswith("@mail.gmail.com") else _against(shown, program)


@lru_cache(1024)
def _is_of_clients(shown: str) -> bool:
    return frozenset(shown.split(" or ")) <= CLIENTS


@lru_cache(4096)
def _against(shown: str, program: str) -> str:
    forms, own = frozenset(shown.split(" or ")), only_forms(program)
    if own and not forms & own:
        return "other_program"
    version = _NEW_MOZILLA.search(program)
    return "version" if version and int(version[1]) >= _SURE and "Mozilla before 45" in forms else ""


def _service(identifier: str) -> str:
    """Return the bin of an id under a service's name that the service does not make.

    Measured: 11,712 of 11,712 ids of Gmail since 2010 have 51 characters before the at sign; 3,084 of 3,084 ids of
    Exchange Online are the host's name and 25 hexadecimal digits.
    """
    local, _, host = identifier.rpartition("@")
    if host == "mail.gmail.com":
        return "gmail_length" if local.startswith("CA") and len(local) != GMAIL_LENGTH else ""
    if host.endswith(".prod.outlook.com"):
        own = local.removeprefix(host.partition(".")[0])
        return "" if _ONLINE.fullmatch(own) or _UUID.fullmatch(local) else "online_host"
    return ""


def cases() -> Iterator[Case]:
    """Cases of programs with ids of others, and with their own."""

    def mail(client: str, form: str, host: str = "example.org") -> Message:
        fields = (("Message-ID", f"<x@{host}>"), ("User-Agent", client))
        return message(client=client, message_id=f"x@{host}", fields=fields, form=(f"id={form}",))

    yield fires(mail("git-send-email 2.25.1", "UUID lower"), "a random id under a patch tool", bin="other_program")
    yield fires(mail("iPhone Mail (16A366)", "UUID lower"), "small letters under a telephone", bin="other_program")
    yield fires(mail("", "UUID lower", "mail.gmail.com"), "a random id at Gmail's own host", bin="gmail_host")
    new = "Mozilla/5.0 (X11; Linux) Gecko/20100101 Thunderbird/78.5.0"
    yield fires(mail(new, "Mozilla before 45"), "an old id under a new version", bin="version")
    host = "AM0PR05MB1234.eurprd05.prod.outlook.com"

    def named(identifier: str) -> Message:
        return message(message_id=identifier, fields=(("Message-ID", f"<{identifier}>"),))

    yield fires(named(f"AM0PR05MB9999{25 * 'A'}@{host}"), "another host's name in the id", bin="online_host")
    yield fires(named(f"20170306.1@{host}"), "a script's id under a service's host", bin="online_host")
    yield fires(named("CAF4q=3Xk2@mail.gmail.com"), "too short for Gmail", bin="gmail_length")
    yield silent(named(f"AM0PR05MB1234{25 * 'A'}@{host}"), "the service's own")
    yield silent(mail("Mutt/1.5.20 (2009-06-14)", "Mutt"), "its own")
    yield silent(mail("Mutt/1.5.20 (2009-06-14)", "Postfix or Mutt before 1.3"), "one that a server may have made")
    yield silent(mail("Apple Mail (2.3445.9.1)", "Exchange Online"), "one that the service gave")
    yield silent(mail("git-send-email 2.25.1", "other"), "one that no table knows")
    program, host = "Microsoft Outlook Express 6.00.2600.0000", "EX1.example.org"

    def given(*hops: str, server: str = "", kept: str = "") -> Message:
        fields = [("Message-ID", f"<x@{host}>"), ("X-Mailer", program), *([("Origin-messageId", kept)] if kept else ())]
        return message(
            fields=fields,
            hops=[(by, f"{DAY}T10:00:0{place}+00:00") for place, by in enumerate(hops)],
            program=server,
            client=program,
            message_id=f"x@{host}",
            form=("id=UUID lower",),
        )

    yield fires(given("mx.example.net"), "an id of a host that no server names", bin="other_program")
    yield fires(given("ex1.example.org", server="(Postfix) "), "Postfix gives no such ids", bin="other_program")
    yield silent(given("ex1.example.org", "mx.example.net"), "the server gave it")
    yield silent(given(kept="<20170306090000.1-1-anna@example.org>"), "a service gave it and kept the former one")
