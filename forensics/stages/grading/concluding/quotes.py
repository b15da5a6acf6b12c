"""Who quotes a mail in other words than it has, and who in its own."""

from itertools import permutations

from forensics.model.sentences import says
from forensics.stages.grading.concluding.entry import QUOTE_DIFFERS, Conclusion, Entry
from forensics.stages.grading.concluding.facts import Facts, QuoteRow
from forensics.stages.grading.concluding.signed import SHOWN

_CHANGED = says(
    "conclusion.quotes.changed",
    one='1 person quotes "{quoted}" where the mail that is quoted says "{original}".',
    many='{n} people quote "{quoted}" where the mail that is quoted says "{original}".',
)
_ADDED = says(
    "conclusion.quotes.added",
    one='1 person quotes "{quoted}", which the mail that is quoted lacks.',
    many='{n} people quote "{quoted}", which the mail that is quoted lacks.',
)
_LACKING = says(
    "conclusion.quotes.lacking",
    one='1 person quotes a line without "{original}", which it has in the mail that is quoted.',
    many='{n} people quote a line without "{original}", which it has in the mail that is quoted.',
)
_AS_ORIGINAL = says(
    "conclusion.quotes.as_original",
    one="1 other person who answers that mail quotes it as it stands there.",
    many="{n} other people who answer that mail quote it as it stands there.",
    none="Nobody else who answers that mail quotes it as it stands there.",
)


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say how many people have which words, where a finding on quotes decides."""
    for told in entry.of(QUOTE_DIFFERS):
        cited = {(fact.sha256, fact.start) for fact in told.cited if fact.start is not None}
        rows = [
            row
            for original, reply in permutations([subject.sha256 for subject in told.subjects], 2)
            for row in facts.quotes.get((original, reply), ())
            if (row.sha256, row.edit.line.start) in cited
            and (row.original_sha256, row.edit.original_line.start) in cited
        ]
        if rows:
            return _said(rows)
    return ()


def _said(rows: list[QuoteRow]) -> Conclusion:
    edit = rows[0].edit
    same = [row for row in rows if (row.edit.quoted, row.edit.original) == (edit.quoted, edit.original)]
    quoters = max(len({row.sender for row in same}), *[1 + row.edit.repliers_as_quoted for row in same])
    others = max([row.edit.repliers_as_original for row in same])
    saying = _ADDED if not edit.original else _CHANGED if edit.quoted else _LACKING
    said = saying(quoters, quoted=edit.quoted[:SHOWN], original=edit.original[:SHOWN])
    return (said, _AS_ORIGINAL(others))
