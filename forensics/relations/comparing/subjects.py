"""Subjects of two copies: tags that lists and filters put in, and everything else."""

import re
from collections.abc import Iterator

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.reading import ComparedMail, located
from forensics.relations.comparing.words import changes, runs, words_of

_TAG = re.compile(
    r"\[[^\[\]]{1,60}\]|\*{2,5}[^*]{1,40}\*{2,5}|\{[^{}]{1,40}\}|\((?:SPAM|EXTERNAL)\)"
    r"|\b(?:EXTERN(?:AL|E)?|EXT|SPAM)\s*:",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"spam|junk|bulk|virus|suspe[ck]t|extern|\bext\b|phish|caution|unverified|dringend geprüft", re.IGNORECASE
)
_MOST = 1_000
"""Characters of a subject that are taken apart."""


def compare_subjects(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    """Yield that the subjects of two copies differ."""
    mine, yours = (" ".join(mail.message.subject.value.split()) for mail in (one, other))
    if mine == yours:
        return
    found = words_of(mine), words_of(yours)
    fields = one.root.first("subject"), other.root.first("subject")
    yield Difference(
        kind="subject",
        name="subject",
        one=located(fields[0]) if fields[0] else ABSENT,
        other=located(fields[1]) if fields[1] else ABSENT,
        cause=_cause(mine[:_MOST], yours[:_MOST], grounds),
        runs=runs(*found, changes(*found)[0]),
    )


def _cause(one: str, other: str, grounds: Grounds) -> Cause | None:
    """Return why they may differ: tags alone do, all in one of the two, and a list or a filter put them there."""
    rests = [" ".join(_TAG.sub(" ", subject).split()) for subject in (one, other)]
    tags = [_TAG.findall(subject) for subject in (one, other)]
    if rests[0] != rests[1]:
        return None
    for fewer, more in (tags, tags[::-1]):
        added = [tag for tag in more if tag not in fewer]
        if all(tag in more for tag in fewer):
            if all(_FILTER.search(tag) for tag in added) and added:
                return Cause.FILTER
            return grounds.list_ or grounds.route
    return None
