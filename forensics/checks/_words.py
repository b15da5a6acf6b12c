"""Words of two texts in the sentences of rules."""

from forensics.model.sentences import Sentence, says

SHOWN = 160
"""Characters of a value in a sentence."""
_WORDS = says("rule.words", one="“{words}”")
_NONE = says("rule.no_words", one="nothing")


def words(value: str) -> Sentence:
    """Return words in quotes, or the word for none."""
    return _WORDS(words=value[:SHOWN]) if value else _NONE()
