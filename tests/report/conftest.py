"""A realistic case, invented from end to end: what a report is made of, without a scan."""

import hashlib
from datetime import datetime, timedelta

import pytest

from forensics.model.case import CaseInfo, SourceRecord
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.findings import (
    Cluster,
    EvidenceAggregate,
    EvidenceBytes,
    Finding,
    Habit,
    ItemRef,
    Ranked,
    Raw,
    Reference,
    SetAside,
    StoredFinding,
)
from forensics.model.items import Notice
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.rules import (
    BenignState,
    Has,
    Proposition,
    Role,
    Rule,
    Sentence,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.summary import CaseSummary, Counts, ItemFacts, Month, Power, Unread

SOURCE = "leak.zip"
MAIL_REFERENCE = Reference(hits=2, n=116_902, corpus="L1 linux-mips + L2 usrp-users + L3 openbmc")
RULES = {
    "mail.date_weekday": ("Weekday and date disagree", Subject.MESSAGE, "date", Proposition.BACKDATED, Strength.STRONG),
    "mail.date_after_trace": (
        "Date is later than the first server's",
        Subject.MESSAGE,
        "date",
        Proposition.BACKDATED,
        3,
    ),
    "mail.same_id": (
        "One Message-ID on different contents",
        Subject.MESSAGE,
        "id",
        Proposition.FORGED,
        Strength.STRONG,
    ),
    "document.modified_before_created": (
        *("Saved before it was created", Subject.DOCUMENT, "save", Proposition.ALTERED_CONTENT, Strength.MODERATE),
    ),
    "case.batch_touch": (
        *("Documents of several authors saved by one user within minutes", Subject.DOCUMENT, "authorship"),
        *(Proposition.REPACKAGED, Strength.MODERATE),
    ),
    "document.after_mail": (
        "Created after its mail",
        Subject.OCCURRENCE,
        "save",
        Proposition.TRANSPLANTED,
        Strength.WEAK,
    ),
}


def digest(name):
    return hashlib.sha256(name.encode()).hexdigest()


def ticks(text):
    return (
        int((datetime.fromisoformat(text) - datetime.fromisoformat("1970-01-01T00:00:00+00:00")).total_seconds())
        * TICKS_PER_SECOND
    )


def place(name, kind=StepKind.MBOX_MESSAGE, index=7, start=40_960, end=52_048, sha256=""):
    file = Step(kind=StepKind.FILE, name=SOURCE, start=0, end=48_213_774, sha256=digest("source"), source=SOURCE)
    member = Step(
        kind=StepKind.ZIP_MEMBER,
        name="mail/campaign.mbox" if kind is StepKind.MBOX_MESSAGE else f"files/{name}",
        start=118,
        end=44_000_000,
        decoder="deflate/1",
        sha256=digest("mbox"),
    )
    if kind is not StepKind.MBOX_MESSAGE:
        return Location((file, member))
    return Location((file, member, Step(kind=kind, index=index, start=start, end=end, sha256=sha256 or digest(name))))


def ref(name, **more):
    return ItemRef(sha256=digest(name), location=place(name, **more))


def time(text, raw, description, clock, owner, path, start=100, local=False):
    moment = datetime.fromisoformat(text)
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
    )


def quoted(item, label, value, raw, before, after, role, path, start):
    return EvidenceBytes(
        role=role,
        label=label,
        value=value,
        raw=Raw(b64=raw, text=raw.decode("latin-1")),
        item=item,
        locator=Locator(ranges=((start, start + len(raw)),), path=path),
        context=Raw(b64=before + raw + after, text=""),
        context_start=start - len(before),
    )


def finding(item, rule, strength, statement, evidence, benign, reference=MAIL_REFERENCE, **more):
    made = Finding(
        id=digest(item.sha256 + rule)[:16],
        rule=rule,
        rule_version=1,
        group=RULES[rule][2],
        proposition=RULES[rule][3],
        strength=strength,
        contradiction=more.get("contradiction", False),
        bin="mismatch",
        rate=(reference.hits + 1) / reference.n if reference else None,
        reference=reference,
        habit=more.get("habit"),
        statement=statement,
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=item.sha256, location=item.location),),
        item=item,
        evidence=evidence,
        benign=benign,
        settle=more.get("settle", "Ask mx.campaign.example for its delivery log of 26 April 2017."),
        references=("RFC 5322 3.3", "kb:D-01"),
    )
    return StoredFinding(
        finding=made,
        sentence=Sentence("no.such.sentence"),
        suspect="header:Date[0]",
        cluster=more.get("cluster", ""),
        capped=more.get("capped", ""),
    )


def mail_facts(name, title, times, **more):
    item = ref(name, **more)
    claims = (
        ("From", "Élise Marchand <elise.marchand@campaign.example>"),
        ("To", "cedric@campaign.example, \u202emoc.live\u202c@partner.example"),
        ("Subject", title),
        ("Message-ID", "<CAFx7Q2@mail.campaign.example>"),
    )
    return ItemFacts(
        ref=item,
        size=11_088,
        media_type="message/rfc822",
        status="parsed",
        parser="mail.rfc5322/1",
        title=title,
        claims=claims,
        occurrences=(item.location,),
        timestamps=times,
        notices=(Notice(code="mail.bare_lf", text="12 lines end in LF alone"),),
        power=("mail.date_weekday",),
        no_power=("mail.trace_reversal",),
    )


def mail_times():
    return (
        *(time("2017-04-24T10:12:31+02:00", b"Tue, 24 Apr 2017 10:12:31 +0200", *SENT, "header:Date[0]", 812),),
        *(time("2017-04-26T14:03:12+00:00", b"Wed, 26 Apr 2017 14:03:12 +0000", *RECEIVED, "header:Received[0]", 61),),
        *(time("2017-04-26T16:03:09+02:00", b"Wed, 26 Apr 2017 16:03:09 +0200", *RELAYED, "header:Received[1]", 240),),
        *(time("2017-04-26T14:02:58+00:00", b"58fff612", *HIDDEN, "header:Message-ID[0]#time", 901),),
        *(time("2017-05-05T20:11:04+00:00", b"\x98\xa1\xa5\x4a", *PACKED, "zip:mtime", 30, True),),
    )


SENT = (Description.SENT, ClockKind.SENDER, "")
RECEIVED = (Description.RECORDED, ClockKind.SERVER, "mx.campaign.example")
RELAYED = (Description.RECORDED, ClockKind.SERVER, "relay.partner.example")
HIDDEN = (Description.CREATION, ClockKind.SENDER, "")
PACKED = (Description.MODIFICATION, ClockKind.PACKER, SOURCE)
SAVED = (Description.MODIFICATION, ClockKind.APPLICATION, "Microsoft Excel")


def sheet(n):
    name = ("budget 2016.xlsx", "dons T1.xlsx", "salles.xlsx", "notes de frais.xlsx", "listing.xlsx", "compta.xlsx")[
        n % 6
    ]
    name = name if n < 6 else f"v{n} {name}"
    item = ref(name, kind=StepKind.ZIP_MEMBER)
    saved = datetime.fromisoformat("2017-03-27T13:41:04+00:00") + timedelta(seconds=n * 23 + n % 3 * 7)
    raw = saved.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    times = (
        time(saved.isoformat(), raw, *SAVED, "xml:docProps/core.xml#dcterms:modified"),
        time(
            "2013-02-11T09:00:00+00:00",
            b"2013-02-11T09:00:00Z",
            Description.CREATION,
            *SAVED[1:],
            "xml:docProps/core.xml#dcterms:created",
        ),
    )
    return ItemFacts(
        ref=item,
        size=24_000 + n,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        status="parsed",
        parser="ooxml/1",
        title=name,
        claims=(
            ("Author", ("C. Roux", "P. Lemaire", "A. Diallo", "S. Blanc")[n % 4]),
            ("Last saved by", "Gregor Pavlenko"),
        ),
        occurrences=(item.location,),
        timestamps=times,
        notices=(),
        power=("case.batch_touch",),
        no_power=(),
    )


BENIGN = (
    BenignState(
        cause="clock_skew", state=State.EXCLUDED, note="212 other mails of this host that week agree within 3 s"
    ),
    BenignState(cause="clock_set_by_hand", state=State.OPEN),
    BenignState(cause="draft_kept", state=State.UNTESTABLE, note="the sender's mailbox is not in the archive"),
)
BEFORE = b"Received: from relay.partner.example ([192.0.2.4])\r\n\tby mx.campaign.example; Wed, 26 Apr 2017 14:03:12 +0000\r\nDate: "
AFTER = b"\r\nSubject: =?utf-8?q?Re=3A_virement?=\r\nX-Link: http://evil.example/pixel.gif\x1b[31m\r\n"


def weekday(item, strength="strong", contradiction=True):
    raw = b"Tue, 24 Apr 2017 10:12:31 +0200"
    evidence = (
        quoted(
            item,
            "Date",
            "2017-04-24 10:12:31 +02:00, a Monday",
            raw,
            BEFORE,
            AFTER,
            Role.SUSPECT,
            "header:Date[0]",
            812,
        ),
        quoted(
            item,
            "Received, topmost",
            "2017-04-26 14:03:12 +00:00",
            b"Wed, 26 Apr 2017 14:03:12 +0000",
            b"\tby mx.campaign.example; ",
            b"\r\nDate:",
            Role.WITNESS,
            "header:Received[0]",
            61,
        ),
        EvidenceAggregate(
            role=Role.WITNESS,
            label="Other mails of this host that week",
            query="explain.clock_skew#host",
            parameters={"host": "mx.campaign.example", "week": "2017-17"},
            n=214,
            k=212,
            sample=(digest("a"),),
        ),
    )
    said = "The Date field says Tuesday, but 24 April 2017 was a Monday."
    return finding(item, "mail.date_weekday", strength, said, evidence, BENIGN, contradiction=contradiction)


def make_summary():
    pair = [
        mail_facts("forged", "Re: virement à Nassau, confidentiel", mail_times(), index=4_118),
        mail_facts("twin", "Re: virement", mail_times()[:3], index=4_119, start=60_000, end=71_088),
        mail_facts(
            "late",
            "Ordre du jour \x1b[2J<script>alert(1)</script>",
            mail_times()[:2],
            index=77,
            start=80_000,
            end=91_088,
        ),
    ]
    report = ref("rapport annuel.docx", kind=StepKind.ZIP_MEMBER)
    document = ItemFacts(
        ref=report,
        size=88_123,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        status="partial",
        parser="ooxml/1",
        title="rapport annuel.docx",
        claims=(("Author", "P. Lemaire"), ("Last saved by", "admin")),
        occurrences=(report.location, place("copy", index=9)),
        notices=(),
        power=(),
        no_power=(),
        timestamps=(
            time(
                "2016-11-02T08:10:00+00:00",
                b"2016-11-02T08:10:00Z",
                Description.MODIFICATION,
                ClockKind.APPLICATION,
                "Microsoft Word",
                "xml:docProps/core.xml#dcterms:modified",
            ),
            time(
                "2017-02-14T17:30:00+00:00",
                b"2017-02-14T17:30:00Z",
                Description.CREATION,
                ClockKind.APPLICATION,
                "Microsoft Word",
                "xml:docProps/core.xml#dcterms:created",
            ),
        ),
    )
    sheets = [sheet(n) for n in range(9)]
    first = weekday(pair[0].ref)
    id_raw = b"<CAFx7Q2@mail.campaign.example>"
    same = finding(
        pair[0].ref,
        "mail.same_id",
        "strong",
        "Two mails with different text carry the Message-ID <CAFx7Q2@mail.campaign.example>.",
        (
            quoted(
                pair[0].ref,
                "Message-ID",
                id_raw.decode(),
                id_raw,
                b"Message-ID: ",
                b"\r\n",
                Role.EITHER,
                "header:Message-ID[0]",
                901,
            ),
            quoted(
                pair[1].ref,
                "Message-ID",
                id_raw.decode(),
                id_raw,
                b"Message-ID: ",
                b"\r\n",
                Role.EITHER,
                "header:Message-ID[0]",
                733,
            ),
        ),
        (
            BenignState(cause="list_copy", state=State.EXCLUDED, note="both came by the same server"),
            BenignState(cause="resent", state=State.OPEN),
        ),
        Reference(hits=11, n=116_902, corpus=MAIL_REFERENCE.corpus),
        settle="Ask both correspondents for their own copy of the mail, with all header fields.",
        capped="ceiling",
    )
    late = finding(
        pair[2].ref,
        "mail.date_after_trace",
        "moderate",
        "The Date field is 2 days later than the first server's time.",
        weekday(pair[2].ref).finding.evidence[:2],
        BENIGN[1:],
        Reference(hits=60, n=116_902, corpus="L1"),
        habit=Habit(hits=2, n=410, group="mx.campaign.example"),
    )
    edited = finding(
        report,
        "document.modified_before_created",
        "moderate",
        "Last saved on 2 November 2016, 104 days before it was created.",
        (
            quoted(
                report,
                "modified",
                "2016-11-02 08:10:00 UTC",
                b"2016-11-02T08:10:00Z",
                b'<dcterms:modified xsi:type="dcterms:W3CDTF">',
                b"</dcterms:modified>",
                Role.SUSPECT,
                "xml:docProps/core.xml#dcterms:modified",
                611,
            ),
        ),
        (BenignState(cause="save_as", state=State.OPEN),),
        Reference(hits=14, n=21_420, corpus="G govdocs"),
        settle="Ask P. Lemaire for the file on his own disk, and its earlier versions.",
    )
    said = "9 documents of 4 authors were last saved by “Gregor Pavlenko” within 3 minutes 18 seconds. 9 of the archive's 61 items of format ooxml are in this group."
    touched = [
        finding(
            sheets[0].ref,
            "case.batch_touch",
            "moderate",
            said,
            tuple(
                quoted(
                    facts.ref,
                    "last saved by",
                    "Gregor Pavlenko",
                    b"Gregor Pavlenko",
                    b"<cp:lastModifiedBy>",
                    b"</cp:lastModifiedBy>",
                    Role.SUSPECT,
                    "xml:docProps/core.xml#cp:lastModifiedBy",
                    402,
                )
                for facts in sheets
            ),
            (
                BenignState(
                    cause="whole_conversion", state=State.EXCLUDED, note="9 of 61 spreadsheets are touched, not all"
                ),
                BenignState(cause="assistant_saved_all", state=State.OPEN),
            ),
            Reference(hits=0, n=1_214, corpus="G govdocs"),
            cluster="Gregor Pavlenko",
            settle="Ask the office manager who Gregor Pavlenko is, and for the file server's backup of 26 March 2017.",
            capped="calibration",
        )
    ]
    weak = [
        finding(
            ref(f"weak {n}", index=n),
            "document.after_mail",
            "weak",
            f"Attachment {n} was created {n} minutes after the mail that carries it.",
            (),
            BENIGN[1:2],
            Reference(hits=88, n=12_001, corpus="L2"),
        )
        for n in range(12)
    ]
    stored = [first, same, late, edited, *touched, *weak]
    support = ("Its two trace fields agree within 3 seconds.",)

    def line(rank, score, found, item=None, cluster=None):
        return Ranked(
            rank=rank,
            score=score,
            strength=found[0].finding.strength,
            item=item,
            cluster=cluster,
            propositions=(found[0].finding.proposition,),
            findings=tuple(one.finding.id for one in found),
            reasons=tuple({one.finding.statement: 0 for one in found}),
            supported_by=support if rank == 1 else (),
            clean_score={"at_least": 2, "n": 9000} if rank == 1 else None,
        )

    cluster = Cluster(rule="case.batch_touch", value="Gregor Pavlenko", members=tuple(facts.ref for facts in sheets))
    ranking = (
        line(1, 7.1, [first, same], pair[0].ref),
        line(2, 3.9, [edited], report),
        line(3, 3.1, [late], pair[2].ref),
        line(4, 3.0, touched, cluster=cluster),
        *(line(5 + n, 2.0, [one], one.finding.item) for n, one in enumerate(weak)),
    )
    return CaseSummary(
        info=case_info(),
        counts=Counts(
            files=1,
            size=48_213_774,
            occurrences=11_420,
            contents=10_988,
            messages=9_102,
            documents=1_377,
            archives=12,
            by_status={"parsed": 11_383, "partial": 9, "unread": 26, "skipped": 2},
            by_media_type={"message/rfc822": 9_102},
            signatures=6_512,
            signed_messages=6_204,
        ),
        months=tuple(month(n) for n in range(40)),
        undated=31,
        ranking=ranking,
        findings={one.finding.id: one for one in stored},
        items={facts.ref.sha256: facts for facts in (*pair, document, *sheets)},
        set_aside=(
            SetAside(rule="mail.date_after_trace", reason="clock_skew", group="", count=212, sample=(ref("x"),)),
            SetAside(
                rule="mail.date_weekday",
                reason="habit",
                group="list-id: <staff.campaign.example>",
                count=38,
                sample=(ref("y"), ref("z")),
            ),
            SetAside(rule="document.after_mail", reason="no rate", group="", count=4, sample=()),
        ),
        unread=(
            Unread(
                status="unread",
                reason="zip.encrypted",
                count=21,
                size=8_112_400,
                sample=(place("a.docx", kind=StepKind.ZIP_MEMBER),),
            ),
            Unread(status="partial", reason="mail.truncated", count=9, size=99_120, sample=()),
            Unread(status="unread", reason="watchdog", count=5, size=3_000_111, sample=()),
            Unread(status="skipped", reason="file.symlink", count=2, size=0, sample=()),
        ),
        notices={"mail.bare_lf": 1_220, "zip.encrypted": 21},
        power=tuple(
            Power(rule=key, title=row[0], powered=powered, subjects=9_102)
            for (key, row), powered in zip(RULES.items(), (9_001, 8_120, 9_099, 1_200, 0, 412), strict=True)
        ),
        rules=tuple(
            Rule(
                id=key,
                version=1,
                title=row[0],
                subject=row[1],
                needs=Has.NOTHING,
                group=row[2],
                proposition=row[3],
                ceiling=Strength(row[4]),
                benign=(),
                settle="",
                references=("RFC 5322 3.3", "kb:D-01"),
            )
            for key, row in RULES.items()
        ),
        senders=(
            ("campaign.example", "2015", 2_001),
            ("campaign.example", "2016", 3_900),
            ("partner.example", "2016", 303),
        ),
        agreeing=(
            ("Date and the first server's time, within 5 minutes", 8_977, 9_001),
            ("Document saved before the mail that carries it", 1_180, 1_201),
        ),
        custody_head=digest("custody"),
        corpora=(
            "L1 linux-mips: 84,096 mails of a mailing list, 1996-2019; technical, few offices.",
            "L2 usrp-users: 11,424 mails of a mailing list, to 2026.",
            "L3 openbmc: 22,118 mails of a mailing list, to 2026.",
        ),
    )


def month(n):
    year, rest = divmod(2014 * 12 + n, 12)
    found = {32: 1, 34: 1, 38: 9, 39: 5}.get(n, 0)
    return Month(
        month=f"{year}-{rest + 1:02d}", messages=60 + (n * 37) % 190 + n * 5, documents=(n * 13) % 50, findings=found
    )


def case_info():
    source = SourceRecord(
        label=SOURCE, path="/evidence/leak.zip", kind="file", files=1, size=48_213_774, sha256=digest("source")
    )
    return CaseInfo(
        case_number="2017-CAMP-04",
        examiner="N. Okafor",
        exhibit="EX-1",
        captured="2017-04-24",
        released="2017-05-05",
        as_of="2017-05-05T23:59:59Z",
        sources=(source,),
        versions={
            "tool": "0.1.0",
            "rules": "10",
            "tzdata": "2026.6",
            "duckdb": "2.0.0",
            "libmagic": "5.46",
            "python": "3.11.9",
        },
    )


@pytest.fixture(scope="session")
def summary():
    return make_summary()
