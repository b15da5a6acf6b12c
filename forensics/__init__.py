"""Tainted-leak forensics."""
