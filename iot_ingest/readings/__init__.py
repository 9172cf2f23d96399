"""Readings: taken in, checked, stored once."""
