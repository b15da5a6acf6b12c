"""Subjects without what mail programs, lists and gateways put before or after them."""

import re
from collections.abc import Collection
from unicodedata import normalize

_TAG = re.compile(r"\[[^\[\]]{1,60}\] ?")
_MARKS = (
    "re|fwd?|aw|wg|tr|sv|antw|r|i|rif|ref|res|rép|enc|rv|vs|vl|vb|vá|ht|odp|pd|ynt|i̇lt|İLT|ilt|doorst|továbbítás|válasz"
    "|bls|trs|fs|ri|inoltra|na|atb|ym|ang|απ|σχετ|πρθ|отв|ответ|пересл|на|נענה|תגובה|השב|הועבר|رد|إعادة توجيه"
    "|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|返|転送|回信|답장|회신|전달|การตอบกลับ|ตอบ"
)
_REPLY = re.compile(rf"(?:{_MARKS})(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}}| \d{{1,2}})? ?[:：] ?", re.IGNORECASE)
_ANSWER = re.compile(
    r"(?:re|aw|antw|sv|res|rif|rép|vs|vá|odp|ynt|bls|απ|σχετ|отв|ответ|回复|回覆|答复|答覆|返信|回信|답장|회신|ตอบ)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})? ?[:：]",
    re.IGNORECASE,
)
_TAGS = re.compile(r"\A(?:\[[^\[\]]{1,60}\] ?)+")
_FRAME = r"\[[^\[\]]{1,60}\]|\{[^{}]{1,60}\}|([*#_=+!~|%-]{1,9})[^*#_=+!~|%-]{1,60}\1|[<>]{1,3}[^<>]{1,60}[<>]{1,3}"
_BEFORE = re.compile(rf"(?:{_FRAME}|\([^()]{{1,60}}\)|[^\W\d_][^\W\d_ ]{{0,20}}(?: [^\W\d_]{{1,12}}){{0,2}} ?[:：>]) ?")
"""What a filter or gateway puts before a subject: words in brackets or between signs, or with a colon behind them."""
_AFTER = re.compile(rf" ?(?:{_FRAME})\Z")
_LONGEST_TAG = 60

_MARKED = rf"(?i)^(?:{_TAG.pattern})*(?:{_REPLY.pattern})".replace("'", "''")
_LED = rf"(?i)^(?:{_TAG.pattern}|{_REPLY.pattern})+".replace("'", "''")


def bare_subject(subject: str) -> str:
    """Return a subject without leading reply marks and list tags, composed, white space folded, lower case."""
    text = " ".join(normalize("NFC", subject[:1000]).split())
    while True:
        found = _TAG.match(text) or _REPLY.match(text)
        if found is None:
            return text.lower()
        text = text[found.end() :]


def bare_sql(column: str) -> str:
    """Return the SQL of what `bare_subject` gives, but for signs beyond ASCII whose lower case or width is another."""
    return f"lower(regexp_replace({_folded_sql(column)}, '{_LED}', ''))"


def replies_sql(column: str) -> str:
    """Return the SQL of whether a subject begins with a reply mark, list tags left out."""
    return f"regexp_matches({_folded_sql(column)}, '{_MARKED}')"


def _folded_sql(column: str) -> str:
    return rf"trim(regexp_replace(nfc_normalize({column}[:1000]), '\s+', ' ', 'g'))"


def is_answer(subject: str) -> bool:
    """Whether a subject begins with the mark that programs put before an answer; forwarded mail is none."""
    return _ANSWER.match(_TAGS.sub("", " ".join(subject[:1000].split()))) is not None


def letters(subject: str) -> str:
    """Return the letters and digits of a bare subject: equal where only spaces and signs differ."""
    return "".join(filter(str.isalnum, bare_subject(subject)))


def tagged(subjects: Collection[str]) -> bool:
    """Whether one of the bare subjects stands whole at an end of all others, or all are the same but for framed tags.

    What stands before or behind it is at most 60 characters, and apart from its words.
    """
    shortest = min(subjects, key=len)
    return (shortest != "" and all(_holds(subject, shortest) for subject in subjects)) or framed(subjects)


def framed(subjects: Collection[str]) -> bool:
    """Whether bare subjects are the same but for words in brackets, between signs or before a colon at their ends."""
    return len({_unframed(subject) for subject in subjects}) == 1


def _holds(subject: str, whole: str) -> bool:
    first = subject.startswith(whole)
    if not first and not subject.endswith(whole):
        return False
    more = subject[len(whole) :] if first else subject[: -len(whole)]
    edge = whole[-1:] + more[:1] if first else more[-1:] + whole[:1]
    return len(more) <= _LONGEST_TAG and not (len(edge) == 2 and edge.isalnum())


def _unframed(subject: str) -> str:
    start, end = 0, len(subject)
    while (found := _REPLY.match(subject, start) or _BEFORE.match(subject, start)) is not None:
        start = found.end()
    while (found := _AFTER.search(subject, start, end)) is not None:
        end = found.start()
    return subject[start:end].strip()
