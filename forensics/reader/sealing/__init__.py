"""What may not be quoted of a case: which items these are, and what is shown in their place."""
