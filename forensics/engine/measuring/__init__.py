"""Reference rates: how often genuine items show what the rules look for, and what the rules cost."""
