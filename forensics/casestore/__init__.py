"""The case on disk: tables, custody log, queries."""
