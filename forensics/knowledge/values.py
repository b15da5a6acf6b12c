"""Values that rules write themselves, in other languages: dates, lengths of time, counts and a few words.

A case keeps the values of its sentences as English shows them. Which of them are ours, and not text of the evidence,
their names tell; only what has exactly the form that a rule gives is written anew, anything else stands as it is.
"""

import re
from collections.abc import Callable

from forensics.model.sentences import says

Say = Callable[..., str]

_DATE = says("value.date", one="{day} {month} {year}")
_FIRST = says("value.date.first", one="1")
_MOMENT = says("value.date.moment", one="{date} at {time}")
_LOCAL = says("value.date.local", one="{time} local")
_NO_TIME = says("value.date.no_time", one="{date} (no time of day)")
_MONTH = says("value.month", one="{month} {year}")
_MONTHS = (
    says("value.month.1", one="January"),
    says("value.month.2", one="February"),
    says("value.month.3", one="March"),
    says("value.month.4", one="April"),
    says("value.month.5", one="May"),
    says("value.month.6", one="June"),
    says("value.month.7", one="July"),
    says("value.month.8", one="August"),
    says("value.month.9", one="September"),
    says("value.month.10", one="October"),
    says("value.month.11", one="November"),
    says("value.month.12", one="December"),
)
_UNITS = {
    "d": says("value.unit.day", one="{n} d"),
    "h": says("value.unit.hour", one="{n} h"),
    "min": says("value.unit.minute", one="{n} min"),
    "s": says("value.unit.second", one="{n} s"),
}
_DAYS = {
    "Monday": says("value.weekday.1", one="Monday"),
    "Tuesday": says("value.weekday.2", one="Tuesday"),
    "Wednesday": says("value.weekday.3", one="Wednesday"),
    "Thursday": says("value.weekday.4", one="Thursday"),
    "Friday": says("value.weekday.5", one="Friday"),
    "Saturday": says("value.weekday.6", one="Saturday"),
    "Sunday": says("value.weekday.7", one="Sunday"),
}
_NOBODY = says("value.nobody", one="nobody")
_KINDS = {
    "queue id": says("value.queue_id", one="queue id"),
    "signature": says("value.signature", one="signature"),
    "network id": says("value.network_id", one="network id"),
}
_KEY_OF = says("value.key_of", one="of {file}")
_MARK_KINDS = {
    "list": says("value.mark.list", one="list {value} ({k} of {n})"),
    "server": says("value.mark.server", one="server {value} ({k} of {n})"),
    "reader": says("value.mark.reader", one="reader {value} ({k} of {n})"),
    "trace": says("value.mark.trace", one="trace {value} ({k} of {n})"),
}
_NONE = says("value.none", one="none")
_TRAITS = {
    "account": says("value.trait.account", one="account {value}"),
    "answers": says("value.trait.answers", one="answers {value}"),
    "domain": says("value.trait.domain", one="domain {value}"),
    "offset": says("value.trait.offset", one="offset {value}"),
    "program": says("value.trait.program", one="program {value}"),
    "server": says("value.trait.server", one="server {value}"),
    "signer": says("value.trait.signer", one="signer {value}"),
}
_OF_TRAITS = "rule.case.sender_profile.mark"
"""The sentence whose values name a trait of a sender, and what it is."""
_WORDS = {
    "key": {
        "recovered from this archive": says("value.key_recovered", one="recovered from this archive"),
        "from a file": says("value.key_from_file", one="from a file"),
    },
    "named": _DAYS,
    "true": _DAYS,
    "server": {"a server": says("value.a_server", one="a server")},
    "route": {"no server": says("value.no_server", one="no server")},
    "sender": {"nobody": _NOBODY},
    "signers": {"nobody": _NOBODY},
    "where": {"text": says("value.text", one="text")},
}
"""Words by the names of the values that may be them."""

LENGTHS = frozenset(
    ["apart", "back", "early", "edited", "existed", "late", "median", "near", "off", "over", "span", "waited"]
)
"""Names of values that are lengths of time, as `forensics.checks._facts.span` writes them."""
DATES = frozenset(
    [
        "as_of",
        "at",
        "born",
        "central",
        "change",
        "changed",
        "counted",
        "created",
        "date",
        "day",
        "end",
        "filed",
        "first",
        "from",
        "handed",
        "last",
        "local",
        "made",
        "mail",
        "modified",
        "month",
        "own",
        "packed",
        "parent",
        "printed",
        "received",
        "released",
        "reply",
        "saved",
        "sealed",
        "since",
        "stamped",
        "start",
        "submitted",
        "taken",
        "time",
        "to",
        "until",
        "utc",
    ]
)
"""Names of values that are dates or times, as `clock` and `shown` there write them."""
AMONG = {
    "claimed": ("conclusion.clocks",),
    "said": ("conclusion.clocks",),
    "quoted": ("rule.case.quoted_date",),
    "other": ("rule.case.client_version", "rule.case.host_before_time", "rule.document.times_disagree"),
    "one": ("rule.document.times_disagree",),
    "inner": ("rule.case.tnef_differs",),
    "outer": ("rule.case.tnef_differs",),
    "delivered": ("rule.mail.stored_change",),
    "signed": ("rule.mail.signing_time", "rule.mail.signed_part_time"),
    "stamp": ("rule.case.list_number", "rule.case.ticket_number", "rule.case.uid_order"),
    "upper": ("rule.mail.inner_trace",),
    "lower": ("rule.mail.inner_trace",),
    "written": ("rule.mail.thread_index_time",),
    "before": ("rule.mail.seal_time",),
}
"""Names that are dates in these sentences only, and in others words of the evidence."""
COUNTS = frozenset(
    [
        "across",
        "after",
        "against",
        "agrees",
        "authors",
        "before",
        "count",
        "days",
        "equal",
        "given",
        "k",
        "length",
        "mails",
        "matched",
        "members",
        "n",
        "others",
        "owned",
        "pairs",
        "quoters",
        "rare",
        "sent",
        "servers",
        "size",
        "steady",
        "surplus",
        "tokens",
        "total",
    ]
)
"""Names of values that are counts."""

KEYS = (
    "rule.",
    "note.",
    "conclusion.",
    "archive.",
    "cluster.",
    "report.answer.",
    "report.received.",
    "report.ledger.mark.",
    "report.mark.",
    "report.search.",
    "report.card.",
    "report.strip.",
)
"""How the keys of the sentences begin whose values are meant."""

_LENGTH = re.compile(r"(\d+) (d|h|min|s)(?: (\d+) (h|min|s))?")
_TIME = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?: \(no time of day\)"
    r"| (\d\d:\d\d(?::\d\d)?)( local|(?: [+-]\d\d:\d\d)?(?: UTC)?))?)?"
)
_MARK = re.compile(r"(list|server|reader|trace) (.*) \((\d+) of (\d+)\)")
_COUNT = re.compile(r"\d{4,15}")


def in_language(key: str, name: str, value: str, say: Say, number: Callable[[int], str]) -> str:
    """Write a value of a sentence that a rule wrote in English, in another language.

    Args:
        key: of the sentence.
        name: of the value in it.
        value: as English shows it.
        say: writes a sentence with its values in the language.
        number: writes a number in it.

    Returns:
        The value itself where it is none of ours.
    """
    if not key.startswith(KEYS):
        return value
    if name == "key" and value.startswith("of "):
        return say(_KEY_OF, file=value.removeprefix("of "))
    if name == "marks":
        return "; ".join([_mark(one, say, number) for one in value.split("; ")])
    if key == _OF_TRAITS:
        return _trait(value, say)
    if name == "kinds":
        return ", ".join([say(_KINDS[one]) if one in _KINDS else one for one in value.split(", ")])
    if (word := _WORDS.get(name, {}).get(value)) is not None:
        return say(word)
    if name in LENGTHS and (length := _LENGTH.fullmatch(value)):
        return _length(length, say, number)
    if (name in DATES or key.startswith(AMONG.get(name, ()))) and (found := _TIME.fullmatch(value)):
        return _time(found, say)
    if name in COUNTS and _COUNT.fullmatch(value):
        return number(int(value))
    return value


def _mark(text: str, say: Say, number: Callable[[int], str]) -> str:
    """Write what a mail lacks and its neighbours have, as `case.delivery_path` lists it."""
    found = _MARK.fullmatch(text)
    if found is None:
        return text
    return say(_MARK_KINDS[found[1]], value=found[2], k=number(int(found[3])), n=number(int(found[4])))


def _trait(text: str, say: Say) -> str:
    kind, _, value = text.partition(" ")
    if kind not in _TRAITS or not value:
        return text
    return say(_TRAITS[kind], value=say(_NONE) if value == "none" else value)


def _length(found: re.Match[str], say: Say, number: Callable[[int], str]) -> str:
    parts = [(found[1], found[2]), *([(found[3], found[4])] if found[3] else [])]
    return " ".join([say(_UNITS[unit], n=number(int(amount))) for amount, unit in parts])


def _time(found: re.Match[str], say: Say) -> str:
    year, month, day, time, rest = found.groups()
    if not 1 <= int(month) <= 12:
        return found[0]
    if day is None:
        return say(_MONTH, month=say(_MONTHS[int(month) - 1]), year=year)
    first = say(_FIRST) if int(day) == 1 else str(int(day))
    date = say(_DATE, day=first, month=say(_MONTHS[int(month) - 1]), year=year)
    if time is None:
        return say(_NO_TIME, date=date) if found[0].endswith(")") else date
    moment = say(_MOMENT, date=date, time=time)
    return say(_LOCAL, time=moment) if rest == " local" else f"{moment}{rest}"
