"""Documents: office packages and PDF."""
