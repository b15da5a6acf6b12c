"""Extraction functions for Babel: literal calls of ``says`` in Python files and templates, and the titles of rules.

``babel.cfg`` names them. The key of a sentence is its context (``msgctxt``); a form for none is a message of its own,
with ``.none`` after the key.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO

from jinja2 import Environment, nodes

from forensics.errors import KnowledgeError
from forensics.model.rules import title_key

KEYWORD, RULE = "says", "Rule"
FORMS = ("one", "many", "none")

Message = tuple[int, str, tuple[str, ...], list[str]]
"""Line, the gettext function that a translator's tool knows, context and texts, comments (none)."""


def from_python(
    file: IO[bytes], keywords: Collection[str], comments: Collection[str], options: Mapping[str, object]
) -> Iterator[Message]:
    """Yield the sentences that a Python file declares, by line.

    Raises:
        KnowledgeError: an argument is no literal.
    """
    tree = ast.parse(file.read())
    for call in _calls(tree, RULE):
        of = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
        if isinstance(name := of.get("id"), str) and isinstance(title := of.get("title"), str):
            yield from _messages(call.lineno, {"key": title_key(name), "one": title})
    for node in sorted(_calls(tree, KEYWORD), key=lambda call: call.lineno):
        given = {"key": node.args[0], **{word.arg or "": word.value for word in node.keywords}}
        try:
            texts = {name: str(ast.literal_eval(value)) for name, value in given.items()}
        except ValueError as error:
            raise KnowledgeError(f"line {node.lineno}: {KEYWORD} takes literals only") from error
        yield from _messages(node.lineno, texts)


def from_template(
    file: IO[bytes], keywords: Collection[str], comments: Collection[str], options: Mapping[str, object]
) -> Iterator[Message]:
    """Yield the sentences that a template declares, in the order of the file.

    Raises:
        KnowledgeError: a text is no literal.
    """
    for node in Environment(autoescape=True).parse(file.read().decode("utf-8")).find_all(nodes.Call):
        if not isinstance(node.node, nodes.Name) or node.node.name != KEYWORD:
            continue
        given = {"key": node.args[0], **{word.key: word.value for word in node.kwargs if word.key in FORMS}}
        try:
            texts = {name: str(value.as_const()) for name, value in given.items()}
        except nodes.Impossible as error:
            raise KnowledgeError(f"line {node.lineno}: {KEYWORD} takes literal texts only") from error
        yield from _messages(node.lineno, texts)


def _calls(tree: ast.AST, keyword: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == keyword:
            yield node


def _messages(line: int, texts: Mapping[str, str]) -> Iterator[Message]:
    if "many" in texts:
        yield line, "npgettext", (texts["key"], texts["one"], texts["many"]), []
    else:
        yield line, "pgettext", (texts["key"], texts["one"]), []
    if texts.get("none"):
        yield line, "pgettext", (f"{texts['key']}.none", texts["none"]), []
