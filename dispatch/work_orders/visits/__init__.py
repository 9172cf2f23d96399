"""Visits of a work order."""
