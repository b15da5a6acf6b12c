"""Nothing genuine contradicts itself: weekdays, offsets, traces and ids, read by the standard library."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
B52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/Montreal", "America/Los_Angeles", "UTC")]


def number(text, alphabet):
    value = 0
    for letter in text:
        value = value * len(alphabet) + alphabet.index(letter)
    return value


def trace(item):
    """Times of the trace, oldest first."""
    return [parsedate_to_datetime(field.rsplit(";", 1)[1].strip()) for field in reversed(item.fields("Received"))]


def date(item):
    found = item.fields("Date")
    return parsedate_to_datetime(found[0]) if found else None


def test_weekdays(leak):
    wrong = set()
    for item in leak.mails:
        written = [*item.fields("Date"), *[field.rsplit(";", 1)[1].strip() for field in item.fields("Received")]]
        assert len(item.fields("Date")) <= 1
        wrong |= {item.sha256 for text in written if text[:3] != DAYS[parsedate_to_datetime(text).weekday()]}
    assert wrong == leak.labelled("mail.date_weekday")


def test_every_mail_but_one_has_a_date(leak):
    without = [item.sha256 for item in leak.mails if not item.fields("Date")]
    assert without == [leak.label("nodate/chief").sha256]


def test_offsets_are_those_of_the_zones_of_the_story(leak):
    odd = set()
    for item in leak.mails:
        for when in [date(item), *trace(item)]:
            if when and when.utcoffset() not in {when.astimezone(zone).utcoffset() for zone in ZONES}:
                odd.add(item.sha256)
    assert odd == leak.labelled("mail.offset_unknown")


def test_traces_go_forward(leak):
    back = {
        item.sha256
        for item in leak.mails
        for older, newer in pairwise(trace(item))
        if older - newer > timedelta(seconds=5)
    }
    assert back == leak.labelled("mail.trace_reversal")


def test_slow_relay_is_slow_in_november_only(leak):
    for item in leak.mails:
        hosts = [re.search(r"by (\S+)", field)[1] for field in reversed(item.fields("Received"))]
        times = trace(item)
        for place, host in enumerate(hosts[:-1]):
            if host.startswith("relais.") and item.sha256 != leak.label("advance").sha256:
                gap = times[place + 1] - times[place]
                slow = datetime(2016, 11, 1, tzinfo=UTC) <= times[place + 1] < datetime(2016, 12, 1, tzinfo=UTC)
                low, high = (424, 432) if slow else (0, 1110)
                assert timedelta(seconds=low) <= gap <= timedelta(seconds=high)


def test_date_against_first_server(leak):
    late = set()
    for item in leak.mails:
        times = trace(item)
        if times and date(item) and date(item) - times[0] > timedelta(minutes=10):
            late.add(item.sha256)
    assert late == leak.labelled("mail.date_after_first_trace")


def test_queue_ids_decode_to_their_hop(leak):
    """Ids keep the true time where a printed date was edited."""
    counts = {"long": 0, "exim": 0, "short": 0}
    for item in leak.mails:
        for field in item.fields("Received"):
            shown = parsedate_to_datetime(field.rsplit(";", 1)[1].strip()).timestamp()
            if found := re.search(r"\(Postfix\) with \S+ id ([0-9A-Za-z]{10})z[0-9A-Za-z]+\b", field):
                counts["long"] += 1
                assert abs(number(found[1][:6], B52) - shown) <= 1
                assert number(found[1][6:], B52) < 1_000_000
            elif found := re.search(r"\(Postfix\) with \S+ id ([0-9A-F]{5})[0-9A-F]+\b", field):
                counts["short"] += 1
                assert int(found[1], 16) < 1_000_000
            elif found := re.search(r"\bid ([0-9A-Za-z]{6})-[0-9A-Za-z]{6}-[0-9A-Za-z]{2};", field):
                counts["exim"] += 1
                assert abs(number(found[1], B62) - shown) <= 1
    assert min(counts.values()) >= 15, counts


def test_client_ids_decode_to_their_date(leak):
    tainted = {label.sha256 for label in leak.labels.of("taint")}
    seen = {"outlook": 0, "mutt": 0, "hex": 0, "boundary": 0, "outlook boundary": 0}
    for item in leak.mails:
        if item.sha256 in tainted or not date(item):
            continue
        identity, when = item.fields("Message-ID")[0], date(item)
        made = []
        if found := re.match(r"<[0-9a-f]{4}([0-9a-f]{8})\$([0-9a-f]{8})\$[0-9a-f]{8}\$@", identity):
            seen["outlook"] += 1
            made.append((int(found[1] + found[2], 16) - 116444736000000000) / 1e7)
        elif found := re.match(r"<(\d{14})\.G[A-Z]\d+@", identity):
            seen["mutt"] += 1
            made.append(datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
        elif found := re.match(r"<([0-9A-F]{8})\.\d{7}@", identity):
            seen["hex"] += 1
            made.append(int(found[1], 16))
        text = item.data.decode("latin-1")
        for low, high in re.findall(r"boundary=001a11[0-9a-f]{6}([0-9a-f]{6})([0-9a-f]{8})[0-9a-f]{2}\b", text):
            seen["boundary"] += 1
            made.append(int(high + low, 16) / 1e6)
        for found in re.findall(r'boundary="----=_NextPart_\d{3}_[0-9A-F]{4}_([0-9A-F]{8})\.([0-9A-F]{8})"', text):
            seen["outlook boundary"] += 1
            made.append((int("".join(found), 16) - 116444736000000000) / 1e7 - when.utcoffset().total_seconds())
        assert all(-1 <= moment - when.timestamp() <= 4 for moment in made), (item.path, made)
    assert all(seen.values()), seen


def test_answers_follow_what_they_answer(leak):
    """In-Reply-To names a mail that was sent earlier by true clocks, or one that this leak does not hold."""
    sent = {}
    for item in leak.mails:
        times = trace(item)
        when = times[0] if times else date(item)
        sent.setdefault(item.fields("Message-ID")[0], when)
    closed = 0
    for item in leak.mails:
        parent = item.fields("In-Reply-To")
        if parent and parent[0] in sent and "forged" not in item.path:
            closed += 1
            assert sent[item.fields("Message-ID")[0]] > sent[parent[0]] - timedelta(seconds=500)
    assert closed > 100
