"""Mails that say themselves that a file was taken out of them, found in what a scan recorded."""

from collections.abc import Callable, Iterable

from forensics.casestore import CaseFolder, Queries
from forensics.checks.explain import stripped_attachment
from forensics.examples.cases import context, observation
from forensics.stages.running import parameters

TOP = b"From: ada@one.example\nTo: ben@two.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
FILES = [
    (
        "altered.eml",
        TOP + b"Text.\n--b\nContent-Type: text/x-moz-deleted\n"
        b'X-Mozilla-Altered: AttachmentDeleted; date="Fri Apr 10 10:11:12 2020"\n\nYou deleted it.\n--b--\n',
    ),
    (
        "17.partial.emlx",
        b"300\n" + TOP + b"Words.\n--b\nContent-Type: application/pdf\nX-Apple-Content-Length: 9\n\n\n--b--\n",
    ),
    ("whole.eml", TOP + b"More.\n--b--\n"),
]


def test_both_are_found_by_the_digests_of_their_mails(archive: Callable[[Iterable[tuple[str, bytes]]], object]) -> None:
    case = CaseFolder.open(archive(FILES)._case)  # type: ignore[attr-defined]
    module, row = stripped_attachment, stripped_attachment.Row
    with Queries(case) as queries:
        found = list(queries.rows(module.QUERY, parameters(module.QUERY, context()), row))
        mails = {one.sha256 for one in queries.rows("SELECT sha256, '' AS code FROM messages ORDER BY sha256", {}, row)}
    said = {one.code for one in found if one.sha256 in mails}
    assert said == {"mail.altered", "mail.part_elsewhere"} and len(mails) == 3
    assert len([one for one in found if one.sha256 in mails]) == 2
    seen = observation("case.body_hash", bin="untold")
    assert list(module.explain(found, (seen,), context())) == []
