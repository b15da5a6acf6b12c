"""A signature opens to another header than the one that is here, though those of the signer's other mails hold.

It needs a key, from a file or recovered from the archive. What was signed is then known by its digest: a failure here
is no wrong key, which would not open the signature at all.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._changes import Change, quoted_change
from forensics.checks._facts import counts, settled
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
from forensics.model.sentences import Value, says

RULE = Rule(
    id="case.header_signature",
    version=1,
    title="Header does not match its signatures",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.OPENED,
    bins=(
        *(Bin("restored"), Bin("passed"), Bin("untold"), Bin("untold_some"), Bin("failed")),
        Bin("mended_route"),
    ),
    group="signature",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("header_rewritten", "broken_on_arrival", "resaved", "unsolicited"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 6376 3.7", "RFC 8017 8.2.2", "kb:A-12", "kb:O-15", "kb:O-21", "kb:O-22", "kb:O-25"),
)

_SAID = {
    "restored": says(
        "rule.case.header_signature.restored",
        one=(
            "The signature of {signer} opens, with the key {key}, to another header than the one here, and holds once "
            "{changes}: nothing else that it covers was changed. Of the {n} nearest mails that {signer} signed and "
            "that came by this route ({route}), {k} have the header that was signed."
        ),
    ),
    "passed": says(
        "rule.case.header_signature.passed",
        one=(
            "The signature of {signer} opens, with the key {key}, to another header than the one here, though {server} "
            "recorded that it passed; of the {n} nearest mails that {signer} signed and that came by this route "
            "({route}), {k} have the header that was signed. It covers: {fields}."
        ),
    ),
    "untold": says(
        "rule.case.header_signature.untold",
        one=(
            "The signature of {signer} opens, with the key {key}, to another header than the one here; of the {n} "
            "nearest mails that {signer} signed and that came by this route ({route}), {k} have the header that "
            "was signed. It covers: {fields}."
        ),
    ),
    "mended_route": says(
        "rule.case.header_signature.mended_route",
        one=(
            "The signature of {signer} opens, with the key {key}, to another header than the one here; of the {n} "
            "nearest mails that {signer} signed and that came by this route ({route}), {k} have the header that was "
            "signed once what servers did to it is undone. It covers: {fields}."
        ),
    ),
    "failed": says(
        "rule.case.header_signature.failed",
        one=(
            "The signature of {signer} opens, with the key {key}, to another header than the one here, and {server} "
            "recorded {result} for it; of the {n} nearest mails that {signer} signed and that came by this route "
            "({route}), {k} have the header that was signed. It covers: {fields}."
        ),
    ),
}
_ROUTE_CHANGES_HEADERS = says(
    "note.route_changes_headers",
    one=(
        "Of the {n} nearest mails that {signer} signed and that came by this route, {k} have the header that "
        "was signed: headers are changed on this route."
    ),
)
_ROUTE_CHANGES_COPIED = says(
    "note.route_changes_copied",
    one=(
        "Of the {n} nearest signed mails on this route that have copies to others (Cc) or none, as this one, {k} "
        "have the header that was signed: such headers are changed."
    ),
)

ROWS_NEEDED = {"verdicts": 2}

# Lists that spare their subscribers a second copy write Cc anew, and how many names it has decides whether that can be
# undone: none, up to eight, or more.
QUERY = habit_query(
    "header_holds",
    "header_steps",
    """(SELECT CASE WHEN count(*) > 8 THEN 2 ELSE least(count(*), 1) END FROM flat.parties p
              WHERE p.item = m.item AND p.field = 'cc')::BIGINT""",
    """j.b, j.signed_fields, k.origin, k.obtained,
       coalesce((SELECT list({'field': r.field, 'signed': r.signed, 'shown': r.shown, 'clears': r.clears}
                                 ORDER BY r.clears, r.field, r.shown)
                 FROM repairs r WHERE r.sha256 = i.sha256 AND r.kind = c.kind AND r.index = c.index
                     AND r.part = 'header'), []) AS changes""",
    """JOIN verdicts v ON v.sha256 = i.sha256 AND v.kind = c.kind AND v.index = c.index
JOIN (SELECT key, min(origin) AS origin, min(obtained) AS obtained FROM keys GROUP BY key) k ON k.key = v.key""",
)


class Row(Habit, frozen=True, kw_only=True):
    """One mail of which no signed header holds."""

    b: LocatedRow
    signed_fields: list[str]
    origin: str
    """Where the key came from."""
    obtained: str
    changes: list[Change]
    """Fields that differ, those first that no server changes, where it holds once all of them are as signed."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; the first server that can say so is asked whether the header fitted when it took the mail."""
    for row in rows:
        if row.n < LEAST or row.form_n < LEAST:
            continue
        test = first_verdict(row.tests, row.hosts, row.domains)
        yield _observation(row, "restored" if row.changes else bin_of(row, test), test)


def _causes(row: Row, test: ResultRow | None) -> Iterator[BenignState]:
    if row.k < SHARE * row.n:
        yield settled(
            "header_rewritten", State.EXPLAINS, _ROUTE_CHANGES_HEADERS(signer=row.domain, k=held(row), n=row.n)
        )
    elif row.form_k < SHARE * row.form_n:
        yield settled("header_rewritten", State.EXPLAINS, _ROUTE_CHANGES_COPIED(k=row.form_k, n=row.form_n))
    if (failed := arrived_broken(test)) is not None:
        yield settled("broken_on_arrival", State.EXPLAINS, failed)
    if (passed := arrived_whole(test)) is not None:
        yield settled("broken_on_arrival", State.EXCLUDED, passed)


def _observation(row: Row, name: str, test: ResultRow | None) -> Observation:
    values: dict[str, Value] = {
        "signer": row.domain[:120],
        "key": "recovered from this archive" if row.obtained == "recovered" else f"of {row.origin[:120]}",
        "k": str(row.k) if name == "mended_route" else held(row),
        "n": str(row.n),
        "route": row.route[:120] or "no server",
        "fields": ", ".join(dict.fromkeys(row.signed_fields))[:400],
    }
    if row.changes:
        values["changes"] = tuple([quoted_change(change) for change in row.changes])
    elif test is not None:
        values |= {"server": test.server or "a server", "result": test.result}
    counted = counts(
        RULE,
        "nearest mails of the signer on the same route, and how many of them have the signed header",
        {"signer": row.domain[:200], "route": row.route[:200]},
        n=row.n,
        k=row.k,
    )
    return Observation(
        sentence=_SAID[name.removesuffix("_some")](**values),
        bin=name,
        evidence=tuple(quoted(row, "signature", row.b, test)),
        suspect=f"header:{row.changes[0].field.title()}[0]" if row.changes else "header",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
        benign=tuple(_causes(row, test)),
    )


def _row(k: int, *tests: ResultRow, form_k: int = 20, obtained: str = "file") -> Row:
    return Row(
        sha256="0" * 64,
        kind="dkim",
        domain="example.org",
        index=0,
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
        n=20,
        k=k,
        bare_k=k,
        form_n=20,
        form_k=form_k,
        route="list.example",
        hosts=["mx.example.net"],
        tests=list(tests),
        domains=["example.org"],
        location=location(),
        signed_fields=["from", "to", "subject", "subject"],
        origin="keys.tsv",
        obtained=obtained,
        changes=[],
    )


def cases() -> Iterator[Case]:
    """Cases of what the others of the way show, and of what the first server said."""

    def said(result: str, server: str = "mx.example.net") -> ResultRow:
        written = located_row(result, raw=b"dkim=" + result.encode(), start=40)
        return ResultRow(
            server=server, method="dkim", result=result, below=1, index=0, domain="example.org", written=written
        )

    yield fires((_row(20),), "all others of the signer hold", bin="untold")
    yield fires((_row(20, obtained="recovered"),), "by a recovered key", bin="untold")
    yield fires((_row(16),), "four others were changed too", bin="untold_some")
    yield fires((_row(20, said("pass")),), "it passed when a server took it", bin="passed")
    yield fires((_row(20, said("fail", "mx.other.example")),), "a server that is not on its way says so", bin="untold")
    tagged = Change("subject", "Minutes", "Transfer", False)
    yield fires((msgspec.structs.replace(_row(20), changes=[tagged]),), "a subject that is known", bin="restored")
    tag = (msgspec.structs.replace(_row(0), changes=[Change("subject", "Minutes", "[board] Minutes", False)]),)
    yield explained(tag, "a list that tags all subjects", by="header_rewritten")
    yield fires((msgspec.structs.replace(_row(20), bare_k=3),), "a route on which most are mended", bin="mended_route")
    yield silent((msgspec.structs.replace(_row(4), n=4),), "too few others to know the way")
    yield explained((_row(20, said("fail")),), "it failed already on arrival", by="broken_on_arrival")
    yield explained((_row(0),), "a list that writes From anew", by="header_rewritten")
    yield explained((_row(20, form_k=3),), "mails with Cc never hold", by="header_rewritten")
