"""From a source through the steps of a location to any byte: decoders, and the walk that checks every layer."""
