"""How a client writes, said for people: the features of `MailMessage.form` in words."""

from forensics.knowledge.sentences import text


def in_words(feature: str) -> str:
    """Say a feature (``kind=value``, or ``kind!=value``: never that value) in words.

    Args:
        feature: as in a message's form or in the table of programs' habits.
    """
    kind, never, value = feature.partition("!=")
    if never:
        return text("form.never", feature=in_words(f"{kind}={value}"))
    kind, _, value = feature.partition("=")
    return text(f"form.{kind}", value=value[:80])
