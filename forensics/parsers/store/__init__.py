"""Stores: files that hold mailboxes with their folders."""
