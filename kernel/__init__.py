"""Technique that every package may use; no business word lives here."""
