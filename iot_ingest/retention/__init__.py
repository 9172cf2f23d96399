"""Retention: room for the readings to come, and an end for what has served."""
