"""Plants labelled taints in clean mail, so that whoever looks for taints can be scored; knows nothing of any rule."""
