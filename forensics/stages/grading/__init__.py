"""From the observations of a case to its findings, ranking and set-aside list."""
