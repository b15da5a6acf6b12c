"""The mail leads its reader where it does not say: how mail is stolen, not how it is doctored."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._marks import observed
from forensics.examples.cases import Case, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.model.mail import Message
from forensics.model.mail_texts import BodyMark
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Rule,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.lure",
    version=3,
    title="Links and forms that lead elsewhere",
    subject=Subject.MESSAGE,
    needs=MessageHas.HTML,
    bins=(
        Bin("other_host"),
        Bin("host_as_user"),
        Bin("active_target"),
        Bin("form"),
        Bin("refresh"),
        Bin("script"),
        Bin("consent"),
        Bin("shortener"),
        Bin("redirect"),
        Bin("address_in_link"),
        Bin("attached_page"),
    ),
    group="lure",
    compare_with="sender",
    proposition=Proposition.LURE,
    ceiling=Strength.WEAK,
    benign=("newsletter_links", "unsolicited"),
    settle=settle.MAILBOX_OWNER,
    references=("RFC 3986 7.6", "kb:I-07", "kb:I-08", "kb:I-09", "kb:I-10", "kb:I-13", "kb:I-14", "kb:I-15"),
)

_SAID = {
    "other_host": says(
        "rule.mail.lure.other_host",
        one="A link's text names a different host from its target ({count}): {shown}",
    ),
    "host_as_user": says(
        "rule.mail.lure.host_as_user",
        one="A link names one host in the place of a user name and leads to another ({count}): {shown}",
    ),
    "active_target": says("rule.mail.lure.active_target", one="A link's target is itself a page or a program: {shown}"),
    "form": says("rule.mail.lure.form", one="The mail contains a form that is submitted to {shown}"),
    "refresh": says("rule.mail.lure.refresh", one="The message redirects the reader automatically: {shown}"),
    "script": says("rule.mail.lure.script", one="The mail contains a script ({count}): {shown}"),
    "consent": says(
        "rule.mail.lure.consent",
        one="A link asks the reader to give an application access to the mailbox: {shown}",
    ),
    "shortener": says("rule.mail.lure.shortener", one="A short link hides its target ({count}): {shown}"),
    "redirect": says(
        "rule.mail.lure.redirect",
        one="A link goes through another organization's redirector ({count}): {shown}",
    ),
    "address_in_link": says(
        "rule.mail.lure.address_in_link",
        one="A link carries the reader's own address ({count}): {shown}",
    ),
    "attached_page": says(
        "rule.mail.lure.attached_page",
        one="An attached page runs something when it is opened: {shown}",
    ),
}


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report the first of each kind, and how many there are."""
    yield from observed(RULE, _SAID, message)


def cases() -> Iterator[Case]:
    """Cases of each kind."""

    def mail(kind: str) -> Message:
        return message(marks=(BodyMark(kind=kind, shown=located("x", "part:1", start=80), part="1"),))

    yield fires(mail("other_host"), "the text of a link names another host than its target", bin="other_host")
    yield fires(mail("host_as_user"), "a link whose user part looks like a host", bin="host_as_user")
    yield fires(mail("active_target"), "a link that is a page or a program itself", bin="active_target")
    yield fires(mail("form"), "a form that is sent to another host", bin="form")
    yield fires(mail("refresh"), "a page that replaces itself", bin="refresh")
    yield fires(mail("script"), "a program", bin="script")
    yield fires(mail("consent"), "a page where an application asks for the mailbox", bin="consent")
    yield fires(mail("shortener"), "a short link", bin="shortener")
    yield fires(mail("redirect"), "a link by way of another organization's redirector", bin="redirect")
    yield fires(mail("address_in_link"), "a link that names the reader's address", bin="address_in_link")
    yield fires(mail("attached_page"), "an attached page with a form", bin="attached_page")
    yield silent(mail("pixel"), "a tracking picture: a mark, no lure")
