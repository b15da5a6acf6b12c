"""A synthetic campaign leak with labelled taints: nobody in it exists, every byte of it is computed."""
