import pytest

from forensics.examples.located import located_row
from forensics.model.rows.copies import ChangeRow
from forensics.model.rows.quotes import DifferenceRow
from forensics.model.rows.restored import RestoredEditRow
from forensics.model.rules import Proposition, Role, Strength
from forensics.stages.grading.concluding import copies, identity, parts, quotes, signed
from forensics.stages.grading.concluding.facts import CopyRow, FieldRow, QuoteRow, RestoredRow, SignedRow
from forensics.stages.grading.concluding.told import Cited

SUSPECT, EITHER, WITNESS = Role.SUSPECT, Role.EITHER, Role.WITNESS


def _edit(archived: str, restored: str) -> RestoredEditRow:
    line = located_row("a line", "part:1")
    return RestoredEditRow(archived=archived, restored=restored, of_form=False, line=line, witness_line=line)


@pytest.mark.parametrize(
    ("archived", "restored", "said"),
    [
        ("kept", "returned", 'one.example signed a body that has "returned" where this one has "kept".'),
        ("", "not", 'one.example signed a body that has "not", which this one lacks.'),
        ("and spent", "", 'one.example signed a body without "and spent", which this one has.'),
    ],
)
def test_the_words_that_were_signed(make_told, make_entry, make_facts, say, archived, restored, said) -> None:
    entry = make_entry(make_told("case.restored_text", a=SUSPECT, b=WITNESS))
    row = RestoredRow("a", "one.example", "answer", False, [_edit(archived, restored)])
    first, met, *where = say(signed.conclude(entry, make_facts(restored={"a": [row]})))
    assert (first, met) == (said, "With that put right, its stated hash is met.")
    assert where == (["The words that were signed stand in a mail that quotes it."] if restored else [])


def test_what_servers_did_is_said_to_be_undone_and_places_are_counted(make_told, make_entry, make_facts, say) -> None:
    entry = make_entry(make_told("case.restored_text", a=SUSPECT, b=WITNESS))
    row = RestoredRow("a", "one.example", "copy", True, [_edit("kept", "returned"), _edit("x", "y")])
    first, met, _ = say(signed.conclude(entry, make_facts(restored={"a": [row]})))
    assert first == (
        'one.example signed a body that differs from this one in 2 places, in the first by "returned" where this one '
        'has "kept".'
    )
    assert met == "With that put right, and what servers did to the mail undone, its stated hash is met."


def test_fields_that_were_signed(make_told, make_entry, make_facts, say) -> None:
    entry = make_entry(make_told("case.header_signature", "restored", a=SUSPECT))
    row = FieldRow("a", "dkim", 0, "one.example", "subject", "Minutes", "Transfer")
    assert say(signed.conclude(entry, make_facts(fields={"a": [row]}))) == [
        'one.example signed this header with Subject "Minutes"; here Subject is "Transfer".'
    ]
    absent = FieldRow("a", "dkim", 0, "one.example", "reply-to", "", "x@two.test")
    assert say(signed.conclude(entry, make_facts(fields={"a": [absent]}))) == [
        'one.example signed this header without Reply-To; here it says "x@two.test".'
    ]
    of_arc = FieldRow("a", "ams", 0, "list.test", "subject", "Minutes", "Transfer")
    (one,) = say(signed.conclude(entry, make_facts(fields={"a": [row, of_arc]})))
    assert "other fields" not in one, "one field, signed twice"
    assert signed.conclude(entry, make_facts()) == ()


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([(True, False)], "The header is as one.example signed it; the body under it is another."),
        ([(False, True)], "The body is as one.example signed it; the header above it is another."),
        ([(False, False)], "Neither the header nor the body is as one.example signed it."),
        (
            [(None, False)],
            "The body is not the one that one.example signed; whether the header is, no key at hand tells.",
        ),
        ([(None, False), (True, False)], "The header is as one.example signed it; the body under it is another."),
        ([(True, True), (True, False)], None),
        ([(True, False), (False, False)], None),
        ([(None, None)], None),
        ([], None),
    ],
)
def test_which_part_is_not_as_signed(make_told, make_entry, make_facts, make_mail, say, states, said) -> None:
    entry = make_entry(make_told("case.body_hash", a=SUSPECT))
    rows = [SignedRow("a", "one.example", header, body) for header, body in states]
    assert say(parts.conclude(entry, make_facts(make_mail(), signed=rows))) == ([said] if said else [])


def test_what_servers_did_to_the_part_that_holds_is_said(make_told, make_entry, make_facts, make_mail, say) -> None:
    entry = make_entry(make_told("case.body_hash", a=SUSPECT))
    for state, part in (((True, False), "header"), ((False, True), "body")):
        rows = [SignedRow("a", "one.example", *state, mended=True)]
        (said,) = say(parts.conclude(entry, make_facts(make_mail(), signed=rows)))
        assert said.startswith(f"But for what servers do to mails, the {part} is as one.example signed it;")


def _copy(*changes: tuple[str, str, str], changed: int = 0, added: int = 0) -> CopyRow:
    line = located_row("a line", "part:1")
    rows = [ChangeRow(kind=k, words=w, other_words=o, line=line, other_line=line) for k, w, o in changes]
    return CopyRow("a", "b", changed or len(rows), added, rows)


def test_where_versions_differ_seen_from_the_item_of_the_entry(make_told, make_entry, make_facts, say) -> None:
    told = make_told("case.copy_differs", a=EITHER, b=EITHER)
    facts = make_facts(copies={"a": [_copy(("negation", "will not", "will"))]})
    assert say(copies.conclude(make_entry(told, partners="b"), facts)) == [
        'Two mails are the same but for one place: "will not" here, "will" in the other.'
    ]
    assert say(copies.conclude(make_entry(told, item="b", partners="a"), facts)) == [
        'Two mails are the same but for one place: "will" here, "will not" in the other.'
    ]
    lacking = make_facts(copies={"a": [_copy(("inserted", "", "not"), ("word", "x", "y"))]})
    assert say(copies.conclude(make_entry(told, partners="b"), lacking)) == [
        'Two mails are the same but for 2 places; in the first only the other has "not".'
    ]


def test_another_text_is_no_version(make_told, make_entry, make_facts, make_mail, say) -> None:
    told = make_told("case.message_id_reuse", a=EITHER, b=EITHER)
    mails = make_mail("a", subject="Transfer", letters_sha256="e" * 64), make_mail("b")
    for row in (_copy(("word", "x", "y"), changed=4), _copy(("passage", "Hello", "We met"))):
        assert say(copies.conclude(make_entry(told, partners="b"), make_facts(*mails, copies={"a": [row]}))) == [
            "Two different mails have one Message-ID. Same in both: sender; Date; Message-ID; first server; different: "
            "Subject; letters of the text."
        ]


def test_shared_ids_are_counted_with_what_is_the_same(make_told, make_entry, make_facts, make_mail, say) -> None:
    equal = [("queue id", "1"), ("queue id", "2"), ("signature", "s")]
    told = make_told("case.token_reuse", "other_message", equal=equal, a=EITHER, b=EITHER)
    facts = make_facts(make_mail("a", subject="Transfer", message_id="2@one.example"), make_mail("b"))
    assert say(copies.conclude(make_entry(told, partners="b"), facts)) == [
        "Two different mails have 3 ids or signatures in common that are made only once (queue id; signature). Same in "
        "both: sender; Date; first server; letters of the text; different: Subject; Message-ID."
    ]
    several = make_told("case.token_reuse", equal=equal[:1], a=EITHER, b=EITHER, c=EITHER)
    assert say(copies.conclude(make_entry(several, partners="bc"), facts)) == [
        "3 different mails have ids or signatures in common that are made only once (queue id)."
    ]


def test_a_value_that_is_cut_for_display_is_compared_whole(make_told, make_entry, make_facts, make_mail, say) -> None:
    told = make_told("case.message_id_reuse", a=EITHER, b=EITHER)
    facts = make_facts(make_mail("a", subject="x" * 300 + "1"), make_mail("b", subject="x" * 300 + "2"))
    (said,) = say(copies.conclude(make_entry(told, partners="b"), facts))
    assert "different: Subject." in said


def _quote(quoted: str, original: str, *, sha256: str = "b", sender: str = "bo@two.test", **counts: int) -> QuoteRow:
    line, of_original = located_row("a line", "part:1", start=70), located_row("a line", "part:1", start=40)
    edit = DifferenceRow(
        kind="word",
        quoted=quoted,
        original=original,
        words=8,
        matched=3,
        depth=1,
        line=line,
        original_line=of_original,
        **counts,
    )
    return QuoteRow(sha256, "a", sender, edit)


def test_who_quotes_which_words(make_told, make_entry, make_facts, say) -> None:
    cited = [Cited(EITHER, "b", "part:1", 70), Cited(EITHER, "c", "part:1", 70), Cited(EITHER, "a", "part:1", 40)]
    entry = make_entry(make_told("case.quote_differs", cited=cited, a=EITHER, b=EITHER, c=EITHER))
    rows = [_quote("will", "will not"), _quote("will", "will not", sha256="c", sender="cy@two.test")]
    assert say(quotes.conclude(entry, make_facts(quotes={("a", row.sha256): [row] for row in rows}))) == [
        '2 people quote "will" where the mail that is quoted says "will not".',
        "Nobody else who answers that mail quotes it as it stands there.",
    ]
    (_, others) = say(
        quotes.conclude(entry, make_facts(quotes={("a", "b"): [_quote("", "not", repliers_as_original=1)]}))
    )
    assert others == "1 other person who answers that mail quotes it as it stands there."


def test_another_edit_of_the_same_reply_is_not_the_one_meant(make_told, make_entry, make_facts) -> None:
    cited = [Cited(EITHER, "b", "part:1", 7), Cited(EITHER, "a", "part:1", 40)]
    entry = make_entry(make_told("case.quote_differs", cited=cited, a=EITHER, b=EITHER))
    assert quotes.conclude(entry, make_facts(quotes={("a", "b"): [_quote("will", "will not")]})) == ()


def test_whose_a_mail_is(make_told, make_entry, make_facts, make_mail, say) -> None:
    told = make_told("case.foreign_signer", proposition=Proposition.FORGED, a=SUSPECT)
    rows = [SignedRow("a", "two.test", None, None), SignedRow("a", "two.test", True, True)]
    facts = make_facts(make_mail(id_host="[10.0.0.1]"), signed=rows)
    assert say(identity.conclude(make_entry(told), facts)) == [
        "From says anna@one.example. Under that name or of its operator: the first server (mx.one.example). Under "
        "other names: a signature of two.test that holds."
    ]
    alone = make_facts(make_mail(first_hop="", id_host=""), signed=[SignedRow("a", "two.test", None, False)])
    assert say(identity.conclude(make_entry(told), alone)) == [
        "From says anna@one.example, and nothing that is compared is under that name or of its operator: a "
        "signature of two.test that does not fit the mail."
    ]
    assert identity.conclude(make_entry(told), make_facts(make_mail(sender=""))) == ()
    assert identity.conclude(make_entry(make_told("case.quoted_sender", a=EITHER)), facts) == ()


@pytest.mark.parametrize("module", [signed, copies, quotes, parts, identity])
def test_a_cluster_and_weak_findings_of_a_stronger_entry_say_nothing(module, make_told, make_entry, make_facts) -> None:
    strong = make_told("mail.other", strength=Strength.STRONG, a=SUSPECT)
    rules = ("case.restored_text", "case.copy_differs", "case.quote_differs", "case.body_hash", "case.foreign_signer")
    weak = [make_told(rule, strength=Strength.WEAK, a=SUSPECT, b=EITHER) for rule in rules]
    assert module.conclude(make_entry(strong, *weak), make_facts()) == ()


def test_versions_of_which_one_has_text_of_its_own_besides_are_not_the_same_but_for_a_word(
    make_told, make_entry, make_facts, say
) -> None:
    told = make_told("case.copy_differs", a=EITHER, b=EITHER)
    facts = make_facts(copies={"a": [_copy(("negation", "will not", "will"), added=2)]})
    assert not [said for said in say(copies.conclude(make_entry(told, partners="b"), facts)) if "the same but" in said]
