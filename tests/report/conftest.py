"""A realistic case, invented from end to end: what a report is made of, without a scan."""

import hashlib
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.findings import (
    CauseState,
    Cluster,
    EvidenceAggregate,
    EvidenceBytes,
    Finding,
    Habit,
    ItemRef,
    Ranked,
    Raw,
    Reference,
    StoredFinding,
)
from forensics.model.items import Notice
from forensics.model.locations import Location, Locator, Step, StepKind, quote
from forensics.model.rules import Role, State, SubjectRef
from forensics.model.sentences import Sentence
from forensics.model.summary import CaseSummary, ItemFacts, Month
from forensics.model.time_kinds import TimeKind

PLAIN = tomllib.loads((Path(__file__).parent / "case.toml").read_text(encoding="utf-8"))
RULES = {rule["id"]: rule for rule in PLAIN["rules"]}
OFFICE = "application/vnd.openxmlformats-officedocument."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest(name):
    return hashlib.sha256(name.encode()).hexdigest()


def ticks(text):
    return int((datetime.fromisoformat(text) - EPOCH).total_seconds()) * TICKS_PER_SECOND


def place(name, index=None):
    file = Step(kind=StepKind.FILE, name="leak.zip", start=0, end=48_213_774, sha256=digest("zip"), source="leak.zip")
    inner = f"files/{name}" if index is None else "mail/campaign.mbox"
    where = {
        "start": 118,
        "end": 44_000_118,
        "decoder": "deflate/1",
        "sha256": digest(name if index is None else "mbox"),
    }
    member = Step(kind=StepKind.ZIP_MEMBER, name=quote(inner.encode()), **where)
    if index is None:
        return Location((file, member))
    start = 40_960 + 12_000 * index
    return Location(
        (
            file,
            member,
            Step(kind=StepKind.MBOX_MESSAGE, index=index, start=start, end=start + 11_088, sha256=digest(name)),
        )
    )


def ref(name, index=None):
    return ItemRef(sha256=digest(name), location=place(name, index))


def time(text, raw, what, path, start=100, kind=TimeKind.DATE):
    description, clock, owner = what
    moment = datetime.fromisoformat(text)
    local = moment.tzinfo is None
    return Timestamp(
        instant=Absence.NOT_PRESENT if local else ticks(text),
        wall=ticks(text[:19] + "+00:00"),
        offset_s=Absence.NOT_PRESENT if local else int(moment.utcoffset().total_seconds()),
        precision=Precision.SECOND,
        description=description,
        clock=clock,
        owner=owner,
        raw=raw,
        locator=Locator(ranges=((start, start + len(raw)),), path=path),
        kind=kind,
    )


SENT = (Description.SENT, ClockKind.SENDER, "")
RECEIVED = (Description.RECORDED, ClockKind.SERVER, "mx.campaign.example")
RELAYED = (Description.RECORDED, ClockKind.SERVER, "relay.partner.example")
HIDDEN = (Description.CREATION, ClockKind.SENDER, "")
PACKED = (Description.MODIFICATION, ClockKind.PACKER, "leak.zip")
SAVED = (Description.MODIFICATION, ClockKind.APPLICATION, "Microsoft Excel")
CREATED = (Description.CREATION, ClockKind.APPLICATION, "Microsoft Excel")
CORE = "xml:docProps/core.xml#"


def mail_times():
    return (
        time("2017-04-24T10:12:31+02:00", b"Tue, 24 Apr 2017 10:12:31 +0200", SENT, "header:Date[0]", 812),
        time("2017-04-26T14:03:12+00:00", b"Wed, 26 Apr 2017 14:03:12 +0000", RECEIVED, "header:Received[0]", 61),
        time("2017-04-26T16:03:09+02:00", b"Wed, 26 Apr 2017 16:03:09 +0200", RELAYED, "header:Received[1]", 240),
        time("2017-04-26T14:02:58+00:00", b"58fff612", HIDDEN, "header:Message-ID[0]#time", 901),
        time("2017-05-05T20:11:04", b"\x98\xa1\xa5\x4a", PACKED, "zip:mtime", 30),
    )


def item(name, title, claims, times, media_type, parser, size, index=None, notices=()):
    where = ref(name, index)
    return ItemFacts(
        **{"ref": where, "size": size, "media_type": media_type, "status": "parsed", "parser": parser, "title": title},
        **{"claims": claims, "occurrences": (where.location,), "timestamps": times, "notices": notices},
        **{"power": ("mail.date_weekday",), "no_power": ("mail.trace_reversal",)},
    )


def mail(name, title, times, index):
    people = (
        ("From", "Élise Marchand <elise.marchand@campaign.example>"),
        ("To", "cedric@campaign.example, \u202emoc.live\u202c@partner.example"),
    )
    claims = (*people, ("Subject", title), ("Message-ID", "<CAFx7Q2@mail.campaign.example>"))
    notices = (Notice(code="mail.bare_lf", text="12 lines end in LF alone"),)
    return item(name, title, claims, times, "message/rfc822", "mail.rfc5322/1", 11_088, index, notices)


def sheet(n):
    names = ("budget 2016.xlsx", "dons T1.xlsx", "salles.xlsx", "notes de frais.xlsx", "listing.xlsx", "compta.xlsx")
    name = names[n] if n < 6 else f"v{n} {names[n % 6]}"
    saved = datetime.fromisoformat("2017-03-27T13:41:04+00:00") + timedelta(seconds=n * 23 + n % 3 * 7)
    raw = saved.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = time("2013-02-11T09:00:00+00:00", b"2013-02-11T09:00:00Z", CREATED, f"{CORE}dcterms:created")
    author = ("C. Roux", "P. Lemaire", "A. Diallo", "S. Blanc")[n % 4]
    claims = (("Author", author), ("Last saved by", "Gregor Pavlenko"))
    times = (time(saved.isoformat(), raw, SAVED, f"{CORE}dcterms:modified"), made)
    return item(name, name, claims, times, f"{OFFICE}spreadsheetml.sheet", "ooxml/1", 24_000 + n)


def quoted(where, label, value, raw, around, role, path, start):
    before, after = around
    return EvidenceBytes(
        role=role,
        label=label,
        value=value,
        raw=Raw(b64=raw, text=raw.decode("latin-1")),
        item=where,
        locator=Locator(ranges=((start, start + len(raw)),), path=path),
        context=Raw(b64=before + raw + after, text=""),
        context_start=start - len(before),
    )


def finding(where, rule, strength, said, evidence, benign, counted, settle, **more):
    made = Finding(
        **{"id": digest(where.sha256 + rule)[:16], "rule": rule, "rule_version": 1, "group": RULES[rule]["group"]},
        **{"proposition": RULES[rule]["proposition"], "strength": strength, "bin": "back>1h", "statement": said},
        contradiction=more.get("contradiction", False),
        rate=(counted[0] + 1) / counted[1],
        reference=Reference(hits=counted[0], n=counted[1], corpus="L1 linux-mips + L2 usrp-users"),
        habit=more.get("habit"),
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=where.sha256, location=where.location),),
        item=where,
        evidence=evidence,
        benign=benign,
        settle=settle,
        references=("RFC 5322 3.3", "kb:D-01"),
    )
    sentence = Sentence("no.such.sentence")
    return StoredFinding(
        finding=msgspec.convert(msgspec.to_builtins(made), Finding),
        sentence=sentence,
        suspect="header:Date[0]",
        cluster=more.get("cluster", ""),
        capped=more.get("capped", ""),
    )


BENIGN = (
    CauseState(cause="some_skew", state=State.EXCLUDED, note="212 other mails of this host agree within 3 s"),
    CauseState(cause="clock_set_by_hand", state=State.OPEN),
    CauseState(cause="draft_kept", state=State.UNTESTABLE, note="the sender's mailbox is not in the archive"),
)
TRACE = b"from relay.partner.example ([192.0.2.4])\r\n\tby mx.campaign.example; "
AROUND_DATE = (
    b"Received: " + TRACE + b"Wed, 26 Apr 2017 14:03:12 +0000\r\nDate: ",
    b"\r\nSubject: =?utf-8?q?Re=3A_virement?=\r\nX-Link: http://evil.example/pixel.gif\x1b[31m\r\n",
)
LOGS = "Ask mx.campaign.example for its delivery log of 26 April 2017."
WEEKDAY = "The Date field says Tuesday, but 24 April 2017 was a Monday."
TWIN = "Two mails with different text carry the Message-ID <CAFx7Q2@mail.campaign.example>."
TOUCH = (
    "9 documents of 4 authors were last saved by “Gregor Pavlenko” within 3 minutes 18 seconds. "
    "9 of the archive's 61 items of format ooxml are in this group."
)


def date_facts(where):
    raw, top = b"Tue, 24 Apr 2017 10:12:31 +0200", b"Wed, 26 Apr 2017 14:03:12 +0000"
    shown = "2017-04-24 10:12:31 +02:00, a Monday"
    counted = {"n": 214, "k": 212, "sample": (digest("a"),), "parameters": {"host": "mx.campaign.example"}}
    return (
        quoted(where, "Date", shown, raw, AROUND_DATE, Role.SUSPECT, "header:Date[0]", 812),
        quoted(where, "Received, topmost", "", top, (TRACE, b"\r\n"), Role.WITNESS, "header:Received[0]", 161),
        EvidenceAggregate(role=Role.WITNESS, label="Other mails of this host", query="explain.clock_skew#h", **counted),
    )


def twin_facts(*both):
    raw, path = b"<CAFx7Q2@mail.campaign.example>", "header:Message-ID[0]"
    around = (b"Message-ID: ", b"\r\n")
    return tuple(quoted(one, "Message-ID", raw.decode(), raw, around, Role.EITHER, path, 901) for one in both)


def saved_by(where):
    raw, around = b"Gregor Pavlenko", (b"<cp:lastModifiedBy>", b"</cp:lastModifiedBy>")
    return quoted(where, "last saved by", raw.decode(), raw, around, Role.SUSPECT, f"{CORE}cp:lastModifiedBy", 402)


def edited_report():
    made = time("2017-02-14T17:30:00+00:00", b"2017-02-14T17:30:00Z", CREATED, f"{CORE}dcterms:created")
    saved = time("2016-11-02T08:10:00+00:00", b"2016-11-02T08:10:00Z", SAVED, f"{CORE}dcterms:modified")
    claims = (("Author", "P. Lemaire"), ("Last saved by", "admin"))
    name, kind = "rapport annuel.docx", f"{OFFICE}wordprocessingml.document"
    return item(name, name, claims, (saved, made), kind, "ooxml/1", 88_123)


def line(rank, score, found, where=None, cluster=None):
    first = found[0].finding
    return Ranked(
        **{"rank": rank, "score": score, "strength": first.strength, "item": where, "cluster": cluster},
        propositions=(first.proposition,),
        findings=tuple(one.finding.id for one in found),
        reasons=tuple(one.finding.statement for one in found),
        supported_by=("Its two trace fields agree within 3 seconds.",) if rank == 1 else (),
        clean_score={"at_least": 2, "n": 9000} if rank == 1 else None,
    )


def make_ranking(mails, report, sheets):
    forged, twin, late = (facts.ref for facts in mails)
    own = "Ask both correspondents for their own copy of the mail, with all header fields."
    disk = "Ask P. Lemaire for the file on their own disk, and its earlier versions."
    who = "Ask the office manager who Gregor Pavlenko is, and for the file server's backup of 26 March 2017."
    resent = (CauseState(cause="list_copy", state=State.EXCLUDED), CauseState(cause="sent_again", state=State.OPEN))
    first = finding(
        *(forged, "mail.date_weekday", "strong", WEEKDAY, date_facts(forged), BENIGN, (2, 116_902), LOGS),
        contradiction=True,
    )
    same = finding(
        *(forged, "case.message_id_reuse", "strong", TWIN, twin_facts(forged, twin), resent, (11, 116_902), own),
        capped="ceiling",
    )
    said, modified = "Last saved on 2 November 2016, 104 days before it was created.", report.timestamps[0]
    tags = (b'<dcterms:modified xsi:type="dcterms:W3CDTF">', b"</dcterms:modified>")
    fact = quoted(report.ref, "modified", "", modified.raw, tags, Role.SUSPECT, modified.locator.path, 611)
    edited = finding(
        *(report.ref, "document.modified_before_created", "moderate", said, (fact,)),
        *((CauseState(cause="some_save_as", state=State.OPEN),), (14, 21_420), disk),
    )
    ahead = finding(
        *(
            late,
            "mail.date_after_first_trace",
            "moderate",
            "The Date field is 2 days later than the first server's time.",
        ),
        *(date_facts(late)[:2], BENIGN[1:], (60, 116_902), LOGS),
        habit=Habit(hits=2, n=410, group="mx.campaign.example"),
    )
    facts = tuple(saved_by(one.ref) for one in sheets)
    touched = finding(
        *(sheets[0].ref, "case.batch_touch", "moderate", TOUCH, facts, BENIGN[1:2], (0, 1_214), who),
        **{"cluster": "Gregor Pavlenko", "capped": "calibration"},
    )
    rule, after = (
        "case.document_created_after_mail",
        "The attachment was created {} minutes after the mail that carries it.",
    )
    weak = [
        finding(ref(f"weak {n}", n), rule, "weak", after.format(n + 2), (), BENIGN[1:2], (88, 12_001), LOGS)
        for n in range(12)
    ]
    members = tuple(facts.ref for facts in sheets)
    cluster = Cluster(rule="case.batch_touch", value="Gregor Pavlenko", members=members)
    top = (line(1, 7.1, [first, same], forged), line(2, 3.9, [edited], report.ref), line(3, 3.1, [ahead], late))
    rest = [line(5 + n, 2.0, [one], one.finding.item) for n, one in enumerate(weak)]
    return (*top, line(4, 3.0, [touched], cluster=cluster), *rest), [first, same, edited, ahead, touched, *weak]


def month(n):
    year, rest = divmod(2014 * 12 + n, 12)
    ranked = {32: 1, 34: 1, 38: 9, 39: 5}.get(n, 0)
    return Month(
        month=f"{year}-{rest + 1:02d}", messages=60 + n * 37 % 190 + n * 5, documents=n * 13 % 50, findings=ranked
    )


def make_summary():
    mails = (
        mail("forged", "Re: virement à Nassau, confidentiel", mail_times(), 4_118),
        mail("twin", "Re: virement", mail_times()[:3], 4_119),
        mail("late", "Ordre du jour \x1b[2J<script>alert(1)</script>", mail_times()[:2], 77),
    )
    report, sheets = edited_report(), [sheet(n) for n in range(9)]
    ranking, found = make_ranking(mails, report, sheets)
    kept = ("id", "title", "subject", "group", "proposition", "ceiling")
    fixed = {
        "version": 1,
        "needs": 0,
        "bins": [],
        "benign": [],
        "settle": {"key": "x", "one": "Ask them."},
        "references": ["RFC 5322 3.3"],
    }
    power = [
        {"rule": key, "title": rule["title"], "powered": rule["powered"], "subjects": 9102}
        for key, rule in RULES.items()
    ]
    sample = [msgspec.to_builtins(place("notes.docx"))]
    plain = {
        **PLAIN,
        "rules": [{**{key: rule[key] for key in kept}, **fixed} for rule in RULES.values()],
        "power": power,
        "extent": {**PLAIN["extent"], "unread": [{**row, "sample": sample} for row in PLAIN["extent"]["unread"]]},
        "set_aside": [{**row, "sample": [msgspec.to_builtins(ref("x"))]} for row in PLAIN["set_aside"]],
        "months": [msgspec.to_builtins(month(n)) for n in range(40)],
        "ranking": msgspec.to_builtins(ranking),
        "ranked": dict(Counter([line.strength for line in ranking])),
        "ranked_items": sum(len(line.cluster.members) if line.cluster else 1 for line in ranking),
        "findings": {one.finding.id: msgspec.to_builtins(one) for one in found},
        "items": {one.ref.sha256: msgspec.to_builtins(one) for one in (*mails, report, *sheets)},
        "custody_head": digest("custody"),
    }
    return msgspec.convert(plain, CaseSummary)


@pytest.fixture(scope="session")
def summary():
    return make_summary()


@pytest.fixture(scope="session")
def first(summary):
    """The item of the first ranked line."""
    return summary.items[summary.ranking[0].item.sha256]
