from forensics.knowledge.unread import unread
from forensics.report.notices import NOTICES, REMEDIES


def test_each_remedy_is_a_sentence():
    assert {*unread().remedies.values(), "other"} == set(REMEDIES)


def test_each_code_has_its_own_sentence():
    assert [saying.key for saying in NOTICES.values()] == [f"report.notice.{code}" for code in NOTICES]
