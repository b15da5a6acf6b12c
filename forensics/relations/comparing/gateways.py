"""Texts that gateways put above or below what a mail says: warnings of strangers, disclaimers, scanners' notes.

They are known by their sentences (``knowledge/gateway_texts.toml``). Each must be one of theirs, so that no other
sentence passes among them: half of its words stand in known ones three in a row, and few stand in none.
"""

import re
from collections.abc import Sequence
from functools import cache

from forensics.knowledge.gateway_texts import gateway_texts

MOST_WORDS = 300
"""Of such a text."""
_RULE = re.compile(r"[-_=*#~+\u2500-\u257f\u2014]{3,}\Z")
_END = re.compile(r"[.!?;][\])}*_\"']*\Z")
_MARKS = re.compile(r"\A\W+|\W+\Z")
_LINK = re.compile(r"<?https?://", re.IGNORECASE)
_UNKNOWN = 0.25
"""Share of a sentence's words that no known sentence has: names, mostly."""
_COVERED = 0.5
"""Share of a sentence's words that stand three in a row in a known one."""


def is_gateway_text(words: Sequence[str], sender: str) -> bool:
    """Whether words are what a gateway puts around a text.

    Args:
        words: as they stand; a sentence ends with a stop or a line of strokes.
        sender: address of the mail's sender, whom a warning may name.
    """
    if len(words) > MOST_WORDS:
        return False
    sentences = _sentences(words, sender)
    # A heading alone says nothing that makes it a gateway's, unless it says that the mail is from outside.
    speaks = any(len(said) > 2 or "extern" in said[0].lower() for said in sentences)
    return speaks and all(_known(said) for said in sentences)


def is_gateway_link(link: str) -> bool:
    """Whether a link leads where such texts lead."""
    return link.startswith(gateway_texts().links)


def is_rule(word: str) -> bool:
    """Whether a word is a line of strokes."""
    return _RULE.match(word) is not None


def _sentences(words: Sequence[str], sender: str) -> list[list[str]]:
    """Return sentences as words without marks; a link to a gateway's own pages and the sender's address are none."""
    found: list[list[str]] = [[]]
    for written in words:
        word, _, link = written.partition("<") if "<http" in written else (written, "", "")
        if _LINK.match(word):
            word, link = "", word
        if link and not is_gateway_link(link):
            return [[written]]  # no sentence of theirs
        plain = _MARKS.sub("", word)
        if is_rule(written):
            found.append([])
        elif plain and plain.lower() != sender.lower():
            found[-1].append(plain)
        if _END.search(word):
            found.append([])
    return [said for said in found if said]


def _known(said: Sequence[str]) -> bool:
    plain = [word.lower().replace("\u2019", "'") for word in said]
    text = " ".join(plain)
    known, threes, headings = _table()
    if text in headings:
        return True
    strange = [word for word in plain if word not in known]
    if any(not word.replace("-", "").isalpha() for word in strange) or len(strange) > _UNKNOWN * len(plain):
        return False
    starts = [at for at in range(len(plain) - 2) if (plain[at], plain[at + 1], plain[at + 2]) in threes]
    return len({at + step for at in starts for step in range(3)}) >= _COVERED * len(plain)


@cache
def _table() -> tuple[frozenset[str], frozenset[tuple[str, str, str]], frozenset[str]]:
    """Return the words of all known sentences, what stands three in a row in one of them, and headings."""
    texts = gateway_texts()
    sentences = [
        [_MARKS.sub("", word).lower() for word in said.split()] for said in (*texts.sentences, *texts.headings)
    ]
    threes = {three for words in sentences for three in zip(words, words[1:], words[2:], strict=False)}
    short = [words for words in sentences if len(words) < 3]
    headings = [" ".join(words) for words in (*short, *sentences[len(texts.sentences) :])]
    return frozenset(word for words in sentences for word in words), frozenset(threes), frozenset(headings)
