"""A policy tried on days that are over, with what was known at each moment."""
