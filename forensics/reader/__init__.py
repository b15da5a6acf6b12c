"""Reads a case back: lists, one item, a report's matter, how far it got, verification; `check` needs no case."""
