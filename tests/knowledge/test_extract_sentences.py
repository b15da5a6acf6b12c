"""What translators get: Babel, with this project's mapping, finds exactly the sentences that the program declares."""

import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from forensics.errors import KnowledgeError
from forensics.knowledge.extract_sentences import from_python, from_template

ROOT = Path(__file__).parents[2]
DECLARED = """
import importlib, json, pkgutil
import forensics
from forensics.checks import RULES, load, load_all
load_all()
for module in pkgutil.walk_packages(forensics.__path__, "forensics."):
    importlib.import_module(module.name)
from forensics.model.sentences import declared
titles = [[f"rule.{rule.id}.title", rule.title, "", ""] for rule in [load(name).RULE for name in RULES]]
print(json.dumps([*[[one.key, one.one, one.many, one.none] for one in declared()], *titles]))
"""


@pytest.fixture(scope="module")
def extracted() -> list[tuple[str, str, Any]]:
    """File, context and text (two where there is a plural) of each message."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    found = extract_from_dir(ROOT / "forensics", methods, options)
    return [(file, context or "", text) for file, _, text, _, context in found]


def test_each_key_is_extracted_once(extracted: list[tuple[str, str, Any]]) -> None:
    assert [key for key, n in Counter(key for _, key, _ in extracted).items() if n > 1] == []
    assert "" not in {key for _, key, _ in extracted}


def test_exactly_the_declared_sentences_are_extracted(extracted: list[tuple[str, str, Any]]) -> None:
    run = subprocess.run([sys.executable, "-c", DECLARED], capture_output=True, text=True, check=True, cwd=ROOT)
    declared: dict[str, Any] = {}
    for key, one, many, none in json.loads(run.stdout):
        declared[key] = (one, many) if many else one
        if none:
            declared[f"{key}.none"] = none
    assert len(declared) > 700
    assert {key: text for file, key, text in extracted if file.endswith(".py")} == declared


def test_templates_have_sentences_of_their_own(extracted: list[tuple[str, str, Any]]) -> None:
    found = {key: text for file, key, text in extracted if file.endswith(".html")}
    assert len(found) > 60
    assert found["report.ask.received"] == "What was received?"
    assert all(key.startswith("report.") for key in found)


def test_forms_of_a_call() -> None:
    source = 'A = says("a", one="1 mail", many="{n} " "mails", none="nothing")\nB = {1: says("b", one="c", none="")}\n'
    assert list(from_python(io.BytesIO(source.encode()), (), (), {})) == [
        (1, "npgettext", ("a", "1 mail", "{n} mails"), []),
        (1, "pgettext", ("a.none", "nothing"), []),
        (2, "pgettext", ("b", "c"), []),
    ]
    template = '<p>{{ says("a", one="1 mail", many="{n} mails", n=count + 1) }}</p>\n{{ say("no sentence") }}'
    assert list(from_template(io.BytesIO(template.encode()), (), (), {})) == [
        (1, "npgettext", ("a", "1 mail", "{n} mails"), []),
    ]


def test_what_is_no_literal_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="line 2"):
        list(from_python(io.BytesIO(b'text = "a"\nA = says("a", one=text)\n'), (), (), {}))
    with pytest.raises(KnowledgeError, match="line 1"):
        list(from_template(io.BytesIO(b'{{ says("a", one=text) }}'), (), (), {}))
