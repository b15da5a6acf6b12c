from forensics.fulltext.asking import ask
from forensics.fulltext.index_file import Entry, NewIndex
from forensics.model.searching import TextState


def test_no_phrase_goes_from_one_value_into_the_next_and_private_signs_hide_no_word() -> None:
    index = NewIndex(None)
    names, texts = ["Anna Smith", "John Doe"], ["\uf0b7Payment due", "see budget\uf04a"]
    index.add(Entry(sha256="ab" * 32, outcome=TextState.WHOLE, names=names, subject="", text=texts))
    index.finish({})
    asked = ('"anna smith"', '"smith john"', '"due see"', "payment", "budget")
    found = {words: bool(index.asked().matching(ask(words))) for words in asked}
    index.close()
    assert found == {'"anna smith"': True, '"smith john"': False, '"due see"': False, "payment": True, "budget": True}
