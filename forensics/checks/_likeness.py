"""Which domain could be taken for another: it looks the same, is a letter off, adds a common word, ends otherwise."""

import re
from collections.abc import Iterable
from contextlib import suppress

from rapidfuzz.distance import OSA

from forensics.knowledge.confusables import scripts, skeleton
from forensics.knowledge.suffixes import organization, within

LEAST_LOOK, LEAST_LETTERS, LEAST_WORD = 3, 6, 7
"""Letters of a name that is not like others by chance, whose neighbours of one letter are few, that is no common word.
"""
_WORDS = """
    account accounts admin alert alerts app auth bank billing client clients cloud com contact corp customer
    delivery desk doc docs document documents email file files finance global group help helpdesk home hr inc info
    international invoice invoices login ltd mail mailer mailing message messages my net news notice notification
    office official online order orders org pay payment payments portal post reply secure security server service
    services share signin site sso staff store support system systems team the update updates user users verify
    web webmail website www
"""
_COMMON = frozenset(_WORDS.split())
"""Words that go with anybody's name. Any other makes it another name: williams-sonoma is not williams."""
_LOOKS = frozenset([skeleton(one) for one in _COMMON])
_ONLY_COMMON = re.compile(rf"(?:(?:{'|'.join(sorted(_COMMON))})-?){{1,4}}")
_DIGITS = re.compile(r"[0-9]+")


class Known:
    """Domains that others may be taken for.

    Args:
        domains: as their owners registered them, lower case.
    """

    def __init__(self, domains: Iterable[str]) -> None:
        self._looks = {domain: skeleton(domain) for domain in domains}
        self._order = {domain: place for place, domain in enumerate(self._looks)}
        self._keys: dict[tuple[str, str], list[str]] = {}
        """What another domain must share with one of these to be taken for it, and which of them have it."""
        for domain, look in self._looks.items():
            word = domain.partition(".")[0]
            keys = [("look", look), ("word", word), ("inside", skeleton(word))]
            for key in (*keys, *[("letters", one) for one in _less_a_letter(word)]):
                self._keys.setdefault(key, []).append(domain)

    def find(self, domain: str) -> tuple[str, str] | None:
        """Return the bin and the known domain that a domain could be taken for; None for one of theirs.

        Args:
            domain: lower case, in the letters that people see.
        """
        own = organization(domain)
        if own in self._looks:
            return None
        look, foreign = skeleton(own), scripts(own) != {"LATIN"}
        for other in sorted(self._possible(domain, own, look), key=self._order.__getitem__):
            short = len(other.partition(".")[0]) < LEAST_LOOK
            if self._looks[other] == look and (own.isascii() or foreign) and not short:
                return ("mixed_scripts" if foreign else "same_look"), other
            if (found := _alike(domain, own, other)) is not None:
                return found, other
        return None

    def _possible(self, domain: str, own: str, look: str) -> set[str]:
        """Return the few known domains that a domain has anything of; comparing it with all is quadratic."""
        name = own.partition(".")[0]
        parts = skeleton(name).split("-")
        spans = [(start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
        keys = {("look", look), ("word", name), *[("letters", one) for one in _less_a_letter(name)]}
        keys |= {("inside", "-".join(parts[start:end])) for start, end in spans}
        found = {other for key in keys for other in self._keys.get(key, ())}
        labels = domain.removesuffix(f".{own}").split(".")
        above = [".".join(labels[start:]) for start in range(len(labels))]
        return found | {one for one in above if one in self._looks}


def _less_a_letter(word: str) -> set[str]:
    """Return a word and what is left of it without each of its letters: words one letter or swap apart share one."""
    if len(word) < LEAST_LETTERS - 1:
        return set()
    return {word, *[word[:at] + word[at + 1 :] for at in range(len(word))]}


def _alike(domain: str, own: str, other: str) -> str | None:
    name, _, ending = own.partition(".")
    word, _, other_ending = other.partition(".")
    if len(word) >= LEAST_LETTERS and ending == other_ending and _is_one_letter_off(name, word):
        return "one_letter"
    if len(word) < LEAST_WORD or _ONLY_COMMON.fullmatch(word):
        return None
    if name == word:
        return "other_ending"
    return "added_word" if _adds_word(name, word) or within(domain, f"{other}.{own}") else None


def _is_one_letter_off(name: str, word: str) -> bool:
    """Names that differ by their numbers alone are a series, such as a sender's many servers."""
    if OSA.distance(name, word, score_cutoff=1) != 1:
        return False
    return _DIGITS.sub("0", name) != _DIGITS.sub("0", word)


def _adds_word(name: str, word: str) -> bool:
    """Whether a name is another one with words around it that go with any."""
    before, inside, after = f"-{skeleton(name)}-".partition(f"-{skeleton(word)}-")
    around = [one for one in (*before.split("-"), *after.split("-")) if one]
    return bool(inside and around) and all(one.isdecimal() or one in _LOOKS for one in around)


def written(domain: str) -> str:
    """Return a domain with its ``xn--`` labels as people see them."""
    labels = []
    for label in domain.split("."):
        if label.startswith("xn--"):
            with suppress(UnicodeError):
                label = label[4:].encode("ascii").decode("punycode")
        labels.append(label)
    return ".".join(labels)
