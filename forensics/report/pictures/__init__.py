"""Geometry of the pictures: where things stand. Templates draw it, so that everything is escaped once."""
