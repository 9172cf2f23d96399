"""Cuts: a large plan as parts that share nothing, or as little as possible."""
