from forensics.knowledge.unread import unread
from forensics.report.notices import ALIKE, NOTICES, REMEDIES, words_of


def test_each_remedy_is_a_sentence():
    assert {*unread().remedies.values(), "other"} == set(REMEDIES)


def test_each_code_has_its_own_sentence():
    for sayings in (NOTICES, ALIKE):
        assert [saying.key for saying in sayings.values()] == [f"report.notice.{code}" for code in sayings]


def test_a_code_has_its_own_words_else_those_that_many_have():
    assert words_of("zip.encrypted") == NOTICES["zip.encrypted"]
    assert words_of("7z.encrypted") == words_of("rar.encrypted") == ALIKE["encrypted"]
    assert words_of("tiff.value_limit") == NOTICES["parse.limit"]
    assert words_of("mail.unheard_of") is None
