"""Numbers that others gave to a mail or to what it is about: a list, a mailbox, a tracker of bugs or requests.

A list counts the mails that it sends. Source: Ecartis ``X-archive-position``; fml ``X-Mail-Count``, ``X-ML-Count`` and
``[board:00042]`` on top of subjects; Sympa ``X-Sequence``; Majordomo 2 ``X-Sequence-Number``; SmartList, of
Debian's lists, ``X-Mailing-List: <board@lists.example> archive/latest/42``; envelope senders of mlmmj
(``list+bounces-N-reader=host@host``), ezmlm (``list-return-N-reader=host@host``) and Yahoo Groups
(``sentto-GROUP-N-SECONDS-reader=host@host``). Of 10,900 mails of two lists eleven stood an hour or more out of their
order, and none a day.

A mailbox counts what is put there: ``X-UID`` (RFC 9051 2.3.1.1; c-client and Dovecot write it into mbox files).

A tracker counts what it is told of, and writes the number into each mail about it: Bugzilla, Launchpad, Debian's and
GNU's bug trackers, RT, Redmine, Trac, GitHub, GitLab, Jira.
"""

import re
from collections.abc import Callable

from forensics.model.facts import Located
from forensics.model.mail import HeaderField
from forensics.model.numbers import GivenNumber, NumberKind
from forensics.parsers.mail.reading import Reading

NUMBERS = ("x-archive-position", "x-mail-count", "x-ml-count", "x-sequence", "x-sequence-number")
"""Fields that hold such a number."""
ENVELOPES = (b"-return-", b"+bounces-", b"<sentto-")
"""What an envelope sender that holds one has in it."""
_NAMES = ("x-list", "x-ml-name", "x-mailing-list", "list-id")
"""Fields that name the list to which it belongs."""
_NUMBER = re.compile(rb"\s*(\d{1,9})\s*")
_ENVELOPE = re.compile(rb"<([^<>@\s]{1,80}?)(?:\+bounces|-return)-(\d{1,9})-[^<>@\s]+@([^<>@\s]{1,80})>")
_GROUP = re.compile(rb"<?(sentto-\d{1,12})-(\d{1,9})-\d{9,10}-[^<>@\s]+@([^<>@\s]{1,80})>?")
_ARCHIVED = re.compile(rb"\s*<([^<>@\s]{1,80}@[^<>@\s]{1,80})>\s{1,8}archive/latest/(\d{1,9})\s*\Z")
_TAG = re.compile(r"(?:\[([\w+-]{2,60})[ :,](\d{1,9})\]|\(([\w+-]{2,60})[ :,](\d{1,9})\))")
_YEAR = re.compile(r"19[6-9]\d|20[0-4]\d")
"""What people write behind the name of what recurs: a list loses few mails by it."""
_LIST_NAME = re.compile(rb"<?(?:mailto:)?([\w+-]{2,60})[@.>\s]", re.IGNORECASE)


def read_list_number(reading: Reading, field: HeaderField) -> None:
    """Keep the topmost number of a field of its own; one in the envelope sender yields to it."""
    found = _NUMBER.fullmatch(field.body)
    if found is not None and not reading.numbered_by.startswith(NUMBERS):
        named = [same[0] for key in _NAMES if (same := reading.root.by_key.get(key))]
        name = named[0].body.decode("utf-8", "replace").strip().lower()[:80] if named else ""
        _keep(reading, field, f"{field.key} {name}", found[1])


def read_archived(reading: Reading, field: HeaderField) -> None:
    """Keep the number under which SmartList put a mail into its archive."""
    found = _ARCHIVED.match(field.body)
    if found is not None and not reading.numbered_by:
        _keep(reading, field, f"{field.key} {found[1].decode('utf-8', 'replace').lower()}", found[2])


def read_envelope_number(reading: Reading, field: HeaderField) -> None:
    """Keep the number in an envelope sender where no other was found."""
    found = _ENVELOPE.search(field.body) or _GROUP.search(field.body)
    if found is not None and not reading.numbered_by:
        name, host = found[1].decode("utf-8", "replace"), found[3].decode("utf-8", "replace")
        _keep(reading, field, f"{name}@{host}".lower(), found[2])


def _keep(reading: Reading, field: HeaderField, by: str, digits: bytes) -> None:
    reading.numbered_by = by
    reading.list_number = Located(
        str(int(digits)), field.raw, field.locator(reading.root.by_key[field.key].index(field))
    )


def read_given(reading: Reading) -> None:
    """Read numbers of trackers, and a list's in the subject, once all fields are read."""
    by_key = reading.root.by_key
    for key, read in TRACKERS.items():
        if key in by_key:
            read(reading, by_key[key][0])
    subject = reading.subject.value
    if subject.startswith(("[", "(")) and not reading.numbered_by:
        _read_tag(reading, subject)
    if subject[:6].lower() == "[jira]":
        _read_jira(reading, subject)


def _read_tag(reading: Reading, subject: str) -> None:
    """A list's own name and a number on top of the subject; whoever answers puts ``Re:`` before it."""
    found = _TAG.match(subject)
    names = _list_names(reading) if found is not None else ()
    if found is None or (found[1] or found[3]).lower() not in names:
        return
    field = reading.root.by_key["subject"][0]
    name, digits = (found[1], found[2]) if found[1] else (found[3], found[4])
    if _YEAR.fullmatch(digits):
        return
    reading.numbered_by = f"subject {name.lower()}"
    reading.list_number = Located(str(int(digits)), field.raw, field.locator(0))


def _list_names(reading: Reading) -> frozenset[str]:
    """Return what fields of lists call the list: a tracker's tag, or a writer's, names none."""
    by_key = reading.root.by_key
    fields = [same[0] for key in ("x-ml-name", "x-mailing-list", "list-id", "list-post") if (same := by_key.get(key))]
    found = [_LIST_NAME.search(field.body + b" ") for field in fields]
    found += [_LIST_NAME.search(field.body[field.body.rfind(b"<") :]) for field in fields if b"<" in field.body]
    return frozenset([one[1].decode("ascii", "replace").lower() for one in found if one is not None])


def read_uid(reading: Reading, field: HeaderField) -> None:
    """Keep the topmost X-UID: whose mailbox gave it, only the mailbox that it stands in can tell."""
    found = _NUMBER.fullmatch(field.body)
    if found is not None and reading.nth(field.key) == 0:
        written = Located(str(int(found[1])), field.raw, field.locator(0))
        reading.given.append(GivenNumber(kind=NumberKind.UID, by="", written=written))


def _ticket(reading: Reading, field: HeaderField, by: str, digits: bytes | str, *, opens: bool) -> None:
    locator = field.locator(reading.root.by_key[field.key].index(field))
    written = Located(str(int(digits)), field.raw, locator)
    reading.given.append(GivenNumber(kind=NumberKind.TICKET, by=by.lower()[:200], opens=opens, written=written))


def _text(reading: Reading, key: str, most: int = 120) -> str:
    same = reading.root.by_key.get(key)
    return same[0].body.decode("utf-8", "replace").strip()[:most] if same else ""


def _answers(reading: Reading) -> bool:
    return bool(reading.in_reply_to or reading.references)


_BUG = re.compile(r"(?:\[[^\[\]\n]{1,60}\] )?\[Bug (\d{1,9})\]( New:| \[NEW\])?")
"""Below the tag of a list, where one passed it on."""
_REQUEST = re.compile(rb"\s*([^\s#<>]{1,80}) #(\d{1,9})\s*")
_FIRST_ANSWER = re.compile(r"\s*\[[^\]\n]{1,80} #\d{1,9}\] AutoReply:")
_REPORT = re.compile(rb"\s*(report|ack|followup|closed|they-closed|they-closed-control) (\d{1,9})\s*")
_GITHUB = re.compile(r"([\w.-]{1,80}/[\w.-]{1,120})/(?:issues?|pull|discussions?)/(\d{1,9})(/[^@]*)?@github\.com")
_JIRA = re.compile(
    r"\[jira\] (?:\[([\w ]{1,40})\] |([\w ]{1,40}): )?\(([A-Z][A-Z0-9_]{1,40})-(\d{1,9})\)", re.IGNORECASE
)


def _read_bugzilla(reading: Reading, field: HeaderField) -> None:
    """Its number stands in the subject alone; whose it is, in the address that it sends from."""
    found = _BUG.match(reading.subject.value)
    sender = next((party.address for party in reading.parties if party.field == "from"), "")
    if found is not None and sender:
        said = _text(reading, "x-bugzilla-type")
        opens = said == "new" if said else bool(found[2])
        _ticket(reading, reading.root.by_key["subject"][0], f"bugzilla {sender}", found[1], opens=opens)


def _read_launchpad(reading: Reading, field: HeaderField) -> None:
    """It sends in the name of whoever wrote, under one count for all projects."""
    found = _BUG.match(reading.subject.value)
    if found is not None:
        _ticket(reading, reading.root.by_key["subject"][0], "launchpad", found[1], opens=bool(found[2]))


def _read_debbugs(reading: Reading, field: HeaderField) -> None:
    """``report`` and ``ack`` are sent once, when the number was given."""
    found = _REPORT.fullmatch(field.body)
    if found is not None:
        _ticket(reading, field, field.key.split("-")[1] + " bugs", found[2], opens=found[1] in (b"report", b"ack"))


def _read_request(reading: Reading, field: HeaderField) -> None:
    """RT answers the first mail of a request by itself, and says so in the subject."""
    found = _REQUEST.fullmatch(field.body)
    if found is not None:
        opens = _FIRST_ANSWER.match(reading.subject.value) is not None
        _ticket(reading, field, f"rt {found[1].decode('utf-8', 'replace')}", found[2], opens=opens)


def _numbered(tracker: str, opens: Callable[[Reading], bool], *of: str) -> Callable[[Reading, HeaderField], None]:
    """Return the reader of a field that holds the number alone; fields *of* name the count to which it belongs."""

    def read(reading: Reading, field: HeaderField) -> None:
        found = _NUMBER.fullmatch(field.body)
        if found is not None:
            by = " ".join([tracker, *filter(None, [_text(reading, key) for key in of])])
            _ticket(reading, field, by, found[1], opens=opens(reading))

    return read


def _read_jira(reading: Reading, subject: str) -> None:
    found = _JIRA.match(subject)
    sender = next((party.domain for party in reading.parties if party.field == "from"), "")
    if found is not None and sender:
        opens = (found[1] or found[2] or "").lower() == "created"
        _ticket(reading, reading.root.by_key["subject"][0], f"jira {found[3]} {sender}", found[4], opens=opens)


def _read_github(reading: Reading, field: HeaderField) -> None:
    """Issues and pull requests of a project share one count; the id of the first mail names nothing below them."""
    found = _GITHUB.fullmatch(reading.message_id.value)
    if found is not None:
        opens = found[3] is None and not _answers(reading)
        _ticket(reading, reading.root.by_key["message-id"][0], f"github {found[1]}", found[2], opens=opens)


def _first_of(prefix: str) -> Callable[[Reading], bool]:
    return lambda reading: reading.message_id.value.startswith(prefix) and not _answers(reading)


TRACKERS: dict[str, Callable[[Reading, HeaderField], None]] = {
    "x-bugzilla-reason": _read_bugzilla,
    "x-debian-pr-message": _read_debbugs,
    "x-launchpad-bug": _read_launchpad,
    "x-github-sender": _read_github,
    "x-gnu-pr-message": _read_debbugs,
    "rt-ticket": _read_request,
    "x-rt-ticket": _read_request,
    "x-redmine-issue-id": _numbered("redmine", _first_of("redmine.issue-"), "x-redmine-host", "x-redmine-site"),
    "x-trac-ticket-id": _numbered("trac", lambda reading: not _answers(reading), "x-trac-project"),
    "x-gitlab-issue-iid": _numbered("gitlab issue", _first_of("issue_"), "x-gitlab-project-path"),
    "x-gitlab-mergerequest-iid": _numbered("gitlab merge", _first_of("merge_request_"), "x-gitlab-project-path"),
}
"""A tracker's field, lower case, to what reads its number, there or elsewhere in the header."""
