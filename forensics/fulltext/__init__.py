"""An index of words in one SQLite file: how words are folded, stored, asked for and shown; it knows no case."""
