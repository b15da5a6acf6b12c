from forensics.model.rules import Role
from forensics.stages.grading.concluding.pairs import compared, related

EITHER, SUSPECT, WITNESS = Role.EITHER, Role.SUSPECT, Role.WITNESS


def test_partners_stand_first_and_each_has_its_relation(make_told, make_entry, make_facts, make_mail) -> None:
    pair = make_told("case.token_reuse", a=EITHER, b=EITHER)
    signed = make_told("case.signed_elsewhere", "other", a=SUSPECT, c=WITNESS)
    entry = make_entry(signed, pair, partners="bd")
    found = [(one.item.sha256, one.relation) for one in related(entry, make_facts())]
    assert found == [("b", "shared_ids"), ("d", "one_matter"), ("c", "signed_there")]
    assert not compared(entry, make_facts(make_mail("a"))), "not all of them are mails that were read"


def test_that_which_says_most_names_the_relation(make_told, make_entry, make_facts) -> None:
    told = [make_told(rule, a=EITHER, b=EITHER) for rule in ("case.message_id_reuse", "case.copy_differs")]
    assert [one.relation for one in related(make_entry(*told, partners="b"), make_facts())] == ["version"]
    copy = make_told("case.signed_elsewhere", "copy", a=SUSPECT, b=WITNESS)
    assert [one.relation for one in related(make_entry(copy), make_facts())] == ["version"]


def test_a_reply_is_not_compared_with_what_it_quotes(make_told, make_entry, make_facts, make_mail) -> None:
    entry = make_entry(make_told("case.quote_differs", a=EITHER, b=EITHER), partners="b")
    assert compared(entry, make_facts(make_mail("a"), make_mail("b"))) == ()
