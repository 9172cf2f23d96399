"""Moves of a work order between its states."""
