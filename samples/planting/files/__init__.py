"""Taints and honest edits of files: Office documents, compound files, archives."""
