"""Outputs: one file each; functions of model objects that read nothing themselves."""
