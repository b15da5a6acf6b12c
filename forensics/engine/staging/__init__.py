"""Runs the stages over a case: one after the other, or side by side in processes of their own."""
