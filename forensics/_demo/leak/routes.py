"""The way of a mail: trace fields of each server, in its grammar, with ids that decode to its own clock."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from forensics._demo.leak import tokens
from forensics._demo.leak.clock import MONTHS, asctime, date_field, later, microseconds, pacific
from forensics._demo.leak.drafts import Fields, Mail
from forensics._demo.leak.people import ASSO, BULK, CLOUD, LISTS, MAIL, PEOPLE, RELAY, SHELL, STORE, Host, Person
from forensics._demo.leak.signing import ARC_SINCE, Signers, arc_set

_BUILDS = (
    *(("2016-01", "15.1.409.7"), ("2016-05", "15.1.497.7"), ("2016-08", "15.1.587.9"), ("2016-11", "15.1.707.6")),
    *(("2017-01", "15.1.860.9"), ("2017-03", "15.1.961.17"), ("2017-04", "15.1.1019.17")),
)


@dataclass
class Journey:
    """A mail under way: its trace so far, newest first, and where and when it is."""

    mail: Mail
    recipient: str
    now: datetime
    rng: Random
    trace: Fields
    at: Host | None = None
    extra: Fields | None = None
    signed_by: str = ""
    """Domain that signed it, empty if none did."""

    def hop(self, host: Host, came_from: str, *, protocol: str = "ESMTPS", low: float = 0.4, high: float = 4.0) -> None:
        """Let *host* take the mail over: real time passes, the host prints its own clock."""
        self.now = tokens.jitter(self.now, self.rng, low, high)
        shown = later(self.now, host.clock_error(self.now))
        self.trace.insert(0, ("Received", _GRAMMAR[host.software](self, host, came_from, protocol, shown)))
        self.at = host


def _printed(host: Host, shown: datetime) -> str:
    offset = host.zone(shown)
    zone = {7200: "CEST", 3600: "CET", 0: "UTC"}[offset]
    return date_field(shown, offset, comment=zone if host.software.startswith("postfix") else "")


def _postfix(journey: Journey, host: Host, came_from: str, protocol: str, shown: datetime) -> str:
    make = tokens.postfix_short if host.software == "postfix-short" else tokens.postfix_long
    token = make(shown, journey.rng)
    tail = f"\n\tfor <{journey.recipient}>; " if journey.recipient else ";\n\t"
    return f"from {came_from}\n\tby {host.name} (Postfix) with {protocol} id {token}{tail}{_printed(host, shown)}"


def _exim(journey: Journey, host: Host, came_from: str, protocol: str, shown: datetime) -> str:
    token = tokens.exim_id(shown, journey.rng)
    sender = f"\n\t(envelope-from <{journey.mail.letter.sender.address}>)"
    if protocol == "local":
        return f"from remi by {host.name} with local (Exim 4.84_2){sender}\n\tid {token}; {_printed(host, shown)}"
    tls = f"{protocol.lower()} (TLS1.2:DHE_RSA_AES_128_CBC_SHA1:128)\n\t(Exim 4.84_2)"
    return f"from {came_from}\n\tby {host.name} with {tls}{sender}\n\tid {token}; {_printed(host, shown)}"


def _dovecot(journey: Journey, host: Host, came_from: str, protocol: str, shown: datetime) -> str:
    token = tokens.dovecot_id(shown, journey.rng)
    del protocol
    tail = f"\n\tfor <{journey.recipient}>; {_printed(host, shown)}"
    return f"from {came_from}\n\tby {host.name} (Dovecot) with LMTP id {token}{tail}"


_GRAMMAR = {"postfix": _postfix, "postfix-short": _postfix, "exim": _exim, "dovecot": _dovecot}


def named(host: Host) -> str:
    """Write a sending host as the next one sees it."""
    return f"{host.name} ({host.name} [{host.ip}])"


def _submitted(journey: Journey, host: Host) -> None:
    sender = journey.mail.letter.sender
    local = f"[{sender.ip}] (unknown [{sender.ip}])"
    journey.hop(host, local, protocol="ESMTPSA", low=0.5, high=3.5)


def _webpost_out(journey: Journey) -> None:
    """Inside the large web mail service: browser, internal transfer, outgoing host; US Pacific time, no zone name."""
    rng, start = journey.rng, journey.now
    number = rng.randrange(100, 999)
    journey.now = tokens.jitter(start, rng, 0.6, 2.2)
    offset = pacific(start)
    zone = "PDT" if offset == -7 * 3600 else "PST"
    shown = date_field(journey.now, offset, comment=zone)
    milliseconds = microseconds(journey.now) // 1000
    token = f"{tokens.hexadecimal(rng, 2)}mr{rng.randrange(10**7)}wm.{number % 200}.{milliseconds}"
    internal = f"by 203.0.113.131 with SMTP id {token}"
    browser = f"by 203.0.113.132 with HTTP; {date_field(later(start, 0.4), offset, comment=zone)}"
    outgoing = (
        f"by mail-wm0-f45.postelibre.example with SMTP id {tokens.hexadecimal(rng, 4)}so{rng.randrange(10**8)}wm.1"
    )
    journey.trace[:0] = [
        ("Received", f"{outgoing}\n        for <{journey.recipient}>; {shown}"),
        ("X-Received", f"{internal};\n {shown}"),
        ("Received", browser),
    ]
    journey.at = Host("mail-wm0-f45.postelibre.example", "203.0.113.130", "webpost", pacific)


def _build(instant: datetime) -> str:
    return [build for month, build in _BUILDS if month <= f"{instant:%Y-%m}"][-1]


def _exchange_hop(journey: Journey, by: str, came_from: str, how: str) -> None:
    journey.now = tokens.jitter(journey.now, journey.rng, 0.4, 2.5)
    value = f"from {came_from} by\n {by} with {how}\n id {_build(journey.now)}; {date_field(journey.now, 0)}"
    journey.trace.insert(0, ("Received", value))


def _exchange_out(journey: Journey) -> None:
    host = journey.mail.letter.sender.account
    full, edge = f"{host}.eurprd05.{CLOUD}", f"{host[:5]}05MB1019.eurprd05.{CLOUD}"
    store = journey.rng.choice(("8", "9", "10", "13"))
    _exchange_hop(journey, full, f"{full}\n ([2001:db8:5:{store}::12])", "mapi")
    cipher = "Microsoft SMTP Server (version=TLS1_2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384)"
    _exchange_hop(journey, edge, f"{full} (2001:db8:5:{store}::12)", cipher)
    journey.at = Host("mail-eopbgr00071.outbound.protection.cloudpost.example", "198.51.100.71", "exchange")


def _bulk_out(journey: Journey) -> None:
    journey.hop(BULK, "tomcat.gazette-garrigue.example (tomcat [203.0.113.152])", protocol="ESMTP")


def depart(mail: Mail, recipient: str, rng: Random, signers: Signers) -> Journey:
    """Take a mail from its sender's client to the last server on the sender's side, which signs what it hands on."""
    sent = later(mail.letter.sent, 0)
    journey = Journey(mail, recipient, sent, rng, [])
    client = mail.letter.sender.client
    if client == "webpost":
        _webpost_out(journey)
    elif client == "exchange":
        _exchange_out(journey)
    elif client == "bulk":
        _bulk_out(journey)
    elif client == "roundcube":
        _submitted(journey, ASSO)
    elif client == "spam":
        journey.at = Host(
            f"static-{mail.letter.sender.ip.replace('.', '-')}.acces.example", mail.letter.sender.ip, "none"
        )
    elif client == "mutt":
        journey.hop(SHELL, "remi", protocol="local", low=0.1, high=0.9)
        journey.hop(MAIL, named(SHELL))
    else:
        _submitted(journey, MAIL)
    _sign(journey, signers)
    return journey


def _sign(journey: Journey, signers: Signers) -> None:
    """Put the signature above all that the server wrote; the web mail service writes its own line above it."""
    sender = journey.mail.letter.sender
    by = "campaign" if journey.at is MAIL else sender.key if sender.client == "exchange" else sender.client
    if by in signers:
        journey.signed_by = signers[by].domain
        place = 1 if by == "webpost" else 0
        journey.trace.insert(place, signers[by].dkim(journey.mail, journey.now))


def to_chief(mail: Mail, rng: Random, signers: Signers, delay: float = 0, copy: Mail | None = None) -> Journey:
    """Deliver to the chief of staff: own server, behind the provider's relay for mail from outside and the list.

    *copy* is what the list makes of the mail.
    """
    ines = PEOPLE["ines"]
    journey = depart(mail, ines.address, rng, signers)
    if copy:
        journey.hop(LISTS, named(_where(journey)), low=0.5, high=4)
        journey.trace.insert(0, signers["lists"].dkim(copy, journey.now))
        journey.now = later(journey.now, rng.randrange(3, 40))
    if journey.at is not MAIL:
        journey.hop(RELAY, named(_where(journey)), low=0.6 + delay, high=3.6 + delay)
        journey.hop(MAIL, named(RELAY))
    journey.hop(STORE, named(MAIL), low=0.05, high=0.6)
    journey.trace[:0] = [("Return-Path", f"<{mail.letter.sender.address}>"), ("Delivered-To", ines.address)]
    return journey


def to_treasurer(mail: Mail, rng: Random, signers: Signers, delay: float = 0) -> Journey:
    """Deliver to the treasurer: hosted Exchange, reached over the provider's relay from the campaign's side."""
    theodule: Person = PEOPLE["theodule"]
    journey = depart(mail, theodule.address, rng, signers)
    if journey.at is MAIL:
        journey.hop(RELAY, named(MAIL))
    mailbox = f"{theodule.account}.eurprd05.{CLOUD}"
    front = f"AM5EUR02FT034.eop-EUR02.prod.protection.{CLOUD.removeprefix('prod.')}"
    host = _where(journey)
    journey.now = later(journey.now, delay)
    _exchange_hop(
        journey,
        front,
        f"{host.name} ({host.ip})",
        "Microsoft SMTP Server (version=TLS1_2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384_P384)",
    )
    arrival = journey.now
    if arrival >= ARC_SINCE:
        journey.trace[:0] = arc_set(signers["arc"], mail, journey.signed_by, arrival)
    _exchange_hop(journey, mailbox, f"{front}\n (2001:db8:5:ff::34)", "Microsoft SMTP Server (TLS)")
    printed = f"{arrival.day:02d} {MONTHS[arrival.month - 1]} {arrival:%Y %H:%M:%S}.{arrival.microsecond // 100:04d}"
    journey.extra = [
        ("X-MS-Exchange-Organization-Network-Message-Id", tokens.network_id(arrival, rng)),
        ("X-MS-Exchange-CrossTenant-OriginalArrivalTime", f"{printed}\n (UTC)"),
        ("X-MS-Exchange-Organization-AuthAs", "Anonymous"),
    ]
    journey.trace.insert(0, ("Return-Path", mail.letter.sender.address))
    return journey


def _where(journey: Journey) -> Host:
    assert journey.at is not None
    return journey.at


def separator(address: str, instant: datetime) -> bytes:
    """Write the line before a mail of a mailbox; its date is UTC."""
    return f"From {address} {asctime(instant)}\n".encode("ascii")
