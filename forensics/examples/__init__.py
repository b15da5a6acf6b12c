"""Builders of small model objects: for the cases of rules, for tests and for docs. Everything here is invented."""
