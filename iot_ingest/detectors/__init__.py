"""Detectors that learn what is normal from the readings alone; plain Python, state as JSON."""
