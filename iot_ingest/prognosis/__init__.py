"""Remaining life and failures foretold by boosted trees, kept as plain JSON."""
