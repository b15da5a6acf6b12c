"""Every word that the index has of real documents can be asked for, and is shown where it stands."""

import sqlite3
from pathlib import Path

from forensics.errors import ForensicsError, UsageError
from forensics.fulltext.asking import ask
from forensics.fulltext.excerpts import excerpt
from forensics.fulltext.index_file import Entry, NewIndex, open_index
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.parsers import load
from forensics.parsers.identify import identify


def documents(folder: Path) -> dict[str, list[str]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        name = identify(data[:4096], MemoryBytes(data), path.name.encode()) if data else None
        reader = load(name).text_parts if name and name.startswith("document.") else None
        if reader is None:
            continue
        try:
            found[f"{len(found):064x}"] = [part.text for part in reader(MemoryBytes(data), ParseContext())]
        except ForensicsError:  # locked, damaged, or of a kind that is not read
            continue
    return found


def test_a_word_of_the_index_is_found_and_shown(corpora: Path, tmp_path: Path) -> None:
    texts = documents(corpora / "office")
    made = NewIndex(tmp_path / "index.sqlite")
    for sha256, said in texts.items():
        made.add(Entry(sha256=sha256, outcome="whole", text=said))
    made.finish({})
    made.close()
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')")
        terms = [term for (term,) in connection.execute("SELECT term FROM temp.terms ORDER BY term")]
    connection.close()
    assert len(texts) > 100 and len(terms) > 1_000
    index = open_index(tmp_path / "index.sqlite")
    unasked = 0
    for term in terms[::37]:
        try:
            asked = ask(term)
        except UsageError:  # the tokenizer takes a sign for a letter that was no character yet when it was made
            unasked += 1
            continue
        found = index.matching(asked)
        assert found, term
        assert all(excerpt("\n".join(texts[sha256]), asked) is not None for sha256 in found[:3]), term
    index.close()
    assert unasked < len(terms) // 37 // 50
