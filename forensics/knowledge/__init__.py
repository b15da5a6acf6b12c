"""Tables of outside knowledge (causes, rates, sentences, zones) and their loaders; each is read on first use."""
