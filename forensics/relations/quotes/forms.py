"""Lines and words of quotes that are not the writer's: what programs, lists and habits of a community put there."""

import re

from forensics.parsers.mail.texts import letters_of

_TIME = re.compile(r"@|\d[:h]\d\d|\b(?:19|20)\d\d\b")
_COLONS = (":", "\uff1a")
_BOLD = re.compile(r"[ \t>]*+\*[^\s*:\uff1a][^*:\uff1a]{0,30}+(?:[:\uff1a]\*|\*[ \t]?[:\uff1a])")
_NAMED = re.compile(r"[ \t>*]*+[^\W\d_][\w .'-]{0,24}+\*?[ \t]?[:\uff1a]")
_TRAILER = re.compile(
    r"[ \t]*+(?:[\w-]{2,20}-by|Cc|Fixes|Link|Closes|Message-Id|Change-Id|Subject|From|To|Date|Sent|In-Reply-To"
    r"|References|Depends-on|base-commit|Thread-Topic|X-[\w-]{1,60})[ \t]{0,2}:",
    re.IGNORECASE,
)
_BOX = re.compile(r"\W*+(?:From|To|Cc|Sender|Reply-To)\b", re.IGNORECASE)
_DIFF = re.compile(
    r"(?:diff --|index [0-9a-f]{6}|@@ |--- |\+\+\+ |new file mode|deleted file mode|similarity |rename (?:from|to) )"
    r"|[ \t]*+[\w./{}=>-]++(?: => [\w./{}-]++)?[ \t]*+\|[ \t]*+(?:\d|Bin)|[ \t]*+\d++ files? changed"
)
_CUT = re.compile(r"[ \t]*+(?:[\[(<{]?[ \t]*+(?:\.\.|\u2026|snip|trim|cut|skip|delet|omit|elid)|\[|<<)", re.IGNORECASE)
_ORDINAL = re.compile(r"[(\[]?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.):\]]*|[+-]?\d{1,6}:?|[*o\u2022\u00b7-]", re.IGNORECASE)
_MARK = re.compile(r"[\[(<{*^][^\s]{0,3}[\])>}*]?[.,;:]?|(?:re|fwd?|aw|wg|sv|tr)\s?:", re.IGNORECASE)
_LINKED = re.compile(r"://|@|www\.|mailto:|<.|.>|urldefense|safelinks", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\w\s.+=-]*+[\w.+=-]++@(?:[\w-]++\.)++\w++[^\w\s]*+")
_TRIMMED = re.compile(r"\.{2,}|\u2026|snip|[\[\]]|<<|>>|&#?\w+;", re.IGNORECASE)


def form_of(line: str) -> str:
    """Return what a line is by its form; empty for one that says something in words of its own."""
    if _TRAILER.match(line):
        return "trailer"
    if _DIFF.match(line):
        return "diff"
    if _BOLD.match(line):
        return "header"
    if _CUT.match(line):
        return "cut"
    if _TIME.search(line):
        if line.rstrip().endswith(_COLONS):
            return "attribution"
        if _NAMED.match(line):
            return "header"
    return ""


def has_own_address(line: str) -> bool:
    """Whether a line has one address, and its writer put it there: clients write those of headers their way."""
    return line.count("@") == 1 and ";" not in line and not _BOX.match(line)


def is_numbering(quoted: list[str], original: list[str]) -> bool:
    """Whether the words with which two lines begin differ in the number or dot of a list, or the number of a line."""
    if quoted and original and all(word.isdigit() for word in (*quoted, *original)):
        return False
    return all(_ORDINAL.fullmatch(word) for word in quoted or original)


def is_link(words: list[str]) -> bool:
    """Whether some word is part of a link or an address, or names a field of a header."""
    return any(_LINKED.search(word) or _TRAILER.match(word) for word in words)


def is_data(words: list[str]) -> bool:
    """Whether a line is a dump or a table: it has fewer than two words of letters alone."""
    return sum([word.isalpha() and len(word) > 1 for word in map(_bare, words)]) < 2


def _bare(word: str) -> str:
    return word.strip(".,:;!?()[]<>\"'*/&|+-=")


def is_address(word: str) -> bool:
    """Whether a word is one whole address and nothing more."""
    return _ADDRESS.fullmatch(word) is not None


def is_masked(one: str, other: str) -> bool:
    """Whether an address is another one behind a mask, as archives publish them: ``anna-a1B2c3@public.example``."""
    shorter, longer = sorted([word.strip("<>()[],;:\"'").partition("@")[0] for word in (one, other)], key=len)
    return longer.startswith(shorter + "-")


def is_mark(words: list[str]) -> bool:
    """Whether words are marks of footnotes, of emphasis, or of a subject."""
    return all(_MARK.fullmatch(word) for word in words)


def is_trimmed(words: list[str]) -> bool:
    """Whether words say that something was left out or replaced, or stand in brackets as remarks of the quoter do."""
    return any(_TRIMMED.search(word) for word in words)


def is_charset(one: list[str], other: list[str]) -> bool:
    """Whether words differ in nothing but characters that a charset lacks."""
    if " ".join((*one, *other)).isascii():
        return False
    return _plain(one) == _plain(other)


def _plain(words: list[str]) -> bytes:
    return letters_of(" ".join(words).encode("ascii", "ignore").decode())
