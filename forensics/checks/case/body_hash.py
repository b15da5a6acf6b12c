"""No signature's hash of the body is that of the body, though those of the same signer's other mails are."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import counts, settled
from forensics.checks._reasons import NO_BODY, NO_END
from forensics.checks._signed import (
    LEAST,
    SHARE,
    Habit,
    arrived_broken,
    arrived_whole,
    bin_of,
    habit_query,
    held,
    quoted,
)
from forensics.checks._verdicts import first_verdict
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import ResultRow
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.body_hash",
    version=3,
    title="Body does not match its signatures",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE,
    bins=(Bin("passed"), Bin("untold"), Bin("untold_some"), Bin("failed"), Bin("mended_route")),
    group="signature",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("body_rewritten", "broken_on_arrival", "cut_copy", "stripped_attachment", "resaved", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 6376 3.7", "RFC 8617 4.1.2", "kb:A-01", "kb:A-12", "kb:O-01", "kb:O-02", "kb:O-26", "kb:O-28"),
)

_SAID = {
    "passed": says(
        "rule.case.body_hash.passed",
        one=(
            "No signature's body hash matches the body as it is, though {server} recorded that a signature "
            "passed; of the {n} nearest mails that {signer} signed and that came by this route ({route}), {k} "
            "have the body that was signed."
        ),
    ),
    "untold": says(
        "rule.case.body_hash.untold",
        one=(
            "No signature's body hash matches the body as it is; of the {n} nearest mails that {signer} signed "
            "and that came by this route ({route}), {k} have the body that was signed."
        ),
    ),
    "mended_route": says(
        "rule.case.body_hash.mended_route",
        one=(
            "No signature's body hash matches the body as it is; of the {n} nearest mails that {signer} signed and "
            "that came by this route ({route}), {k} have the body that was signed once what servers did to it is "
            "undone."
        ),
    ),
    "failed": says(
        "rule.case.body_hash.failed",
        one=(
            "No signature's body hash matches the body as it is, and {server} recorded {result} for its "
            "signature; of the {n} nearest mails that {signer} signed and that came by this route ({route}), {k} "
            "have the body that was signed."
        ),
    ),
}
_BODY_REWRITTEN = says("note.body_rewritten", one="A server in transit recorded that it changed the body: {words}")
_ROUTE_CHANGES_BODIES = says(
    "note.route_changes_bodies",
    one=(
        "Of the {n} nearest mails that {signer} signed and that came by this route, {k} have the body that "
        "was signed: mail on this route is changed."
    ),
)
_ROUTE_CHANGES_FORM = says(
    "note.route_changes_form",
    one=(
        "Of the {n} nearest signed mails of this form (HTML, attachments, non-ASCII letters) on this route, {k} "
        "have the body that was signed: such mails are changed."
    ),
)

ROWS_NEEDED = {"messages": 2}

# What servers do to bodies depends on their form: those with letters beyond ASCII are encoded again, those with HTML or
# attachments are filtered; the numbers are the bits of SIGNATURE, MULTIPART, NON_ASCII, ATTACHMENT and HTML.
QUERY = habit_query(
    "body_holds",
    "body_steps",
    "(mask & (2147483648 | 68719476736 | 8589934592 | 274877906944))::BIGINT",
    "j.bh, m.rewritten, m.body_sha256 = sha256('') AS empty,"
    " i.sha256 IN (SELECT sha256 FROM notices WHERE code = 'mail.not_closed') AS open",
)


class Row(Habit, frozen=True, kw_only=True):
    """One mail of which no body hash holds."""

    bh: LocatedRow
    rewritten: str
    empty: bool
    """Whether there is no body at all."""
    open: bool
    """Whether a multipart has no end."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; the first server that can say so is asked whether the body fitted when it took the mail."""
    for row in rows:
        if row.n < LEAST or row.form_n < LEAST:
            continue
        test = first_verdict(row.tests, row.hosts, row.domains)
        yield _observation(row, bin_of(row, test), test)


def _causes(row: Row, test: ResultRow | None) -> Iterator[BenignState]:
    if row.rewritten:
        yield settled("body_rewritten", State.EXPLAINS, _BODY_REWRITTEN(words=row.rewritten))
    elif row.k < SHARE * row.n:
        yield settled("body_rewritten", State.EXPLAINS, _ROUTE_CHANGES_BODIES(signer=row.domain, k=held(row), n=row.n))
    elif row.form_k < SHARE * row.form_n:
        yield settled("body_rewritten", State.EXPLAINS, _ROUTE_CHANGES_FORM(k=row.form_k, n=row.form_n))
    if row.empty or row.open:
        yield settled("cut_copy", State.EXPLAINS, NO_BODY() if row.empty else NO_END())
    if (failed := arrived_broken(test)) is not None:
        yield settled("broken_on_arrival", State.EXPLAINS, failed)
    if (passed := arrived_whole(test)) is not None:
        yield settled("broken_on_arrival", State.EXCLUDED, passed)


def _observation(row: Row, name: str, test: ResultRow | None) -> Observation:
    values = {
        "signer": row.domain[:120],
        "k": str(row.k) if name == "mended_route" else held(row),
        "n": str(row.n),
        "route": row.route[:120] or "no server",
    }
    if test is not None:
        values |= {"server": test.server or "a server", "result": test.result}
    counted = counts(
        RULE,
        "nearest mails of the signer on the same route, and how many of them have the signed body",
        {"signer": row.domain[:200], "route": row.route[:200]},
        n=row.n,
        k=row.k,
    )
    return Observation(
        sentence=_SAID[name.removesuffix("_some")](**values),
        bin=name,
        evidence=tuple(quoted(row, "stated hash", row.bh, test)),
        suspect="body",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
        benign=tuple(_causes(row, test)),
    )


def _row(k: int, *tests: ResultRow, form_k: int = 20, rewritten: str = "") -> Row:
    return Row(
        sha256="0" * 64,
        kind="dkim",
        domain="example.org",
        index=0,
        bh=located_row("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "header:DKIM-Signature[0]/bh", start=300),
        n=20,
        k=k,
        bare_k=k,
        form_n=20,
        form_k=form_k,
        route="list.example",
        rewritten=rewritten,
        hosts=["mx.example.net"],
        tests=list(tests),
        domains=["example.org"],
        location=location(),
        empty=False,
        open=False,
    )


def cases() -> Iterator[Case]:
    """Cases of what the others of the way show, and of what the first server said."""

    def said(result: str, server: str = "mx.example.net", index: int = 0, domain: str = "example.org") -> ResultRow:
        written = located_row(result, raw=b"dkim=" + result.encode(), start=40) if index == 0 else None
        return ResultRow(
            server=server, method="dkim", result=result, below=1, index=index, domain=domain, written=written
        )

    yield fires((_row(20),), "all others of the signer hold", bin="untold")
    yield fires((_row(16),), "four others were changed too", bin="untold_some")
    yield fires((_row(20, said("pass")),), "it passed when a server took it", bin="passed")
    yield fires((_row(20, said("fail"), said("pass")),), "one of two signatures passed", bin="passed")
    yield fires((_row(20, said("none")),), "the server saw no signature", bin="untold")
    yield fires((_row(20, said("fail", "mx.other.example")),), "a server that is not on its way says so", bin="untold")
    yield fires((_row(20, said("fail", domain="other.example")),), "said of another signer", bin="untold")
    yield fires((msgspec.structs.replace(_row(20), bare_k=3),), "a route on which most are mended", bin="mended_route")
    yield silent((msgspec.structs.replace(_row(4), n=4),), "too few others to know the way")
    broken = (_row(20, said("fail"), said("pass", index=1)),)
    yield explained(broken, "the last server says it failed, one before it passed it", by="broken_on_arrival")
    yield explained((_row(20, said("neutral")),), "failed, in Google's word", by="broken_on_arrival")
    yield explained((_row(0),), "a list that adds a footer to all", by="body_rewritten")
    yield explained((_row(15),), "a quarter of the others does not hold", by="body_rewritten")
    yield explained((_row(20, form_k=3),), "mails with attachments never hold", by="body_rewritten")
    yield explained((msgspec.structs.replace(_row(20), open=True),), "an attachment breaks off", by="cut_copy")
    yield explained((msgspec.structs.replace(_row(20), empty=True),), "only a header is left", by="cut_copy")
    yield explained((_row(20, rewritten="convert rfc822-to-8bit"),), "a server says so", by="body_rewritten")
