"""From sources to rows: work units, confined worker processes, and the loop that reads one item and all inside it."""
