"""The only place that wires the rooms together."""
