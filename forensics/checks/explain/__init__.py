"""Explainers: one file per benign cause that needs the archive to be tested."""
