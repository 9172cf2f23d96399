"""Talent pools: people who are asked together, named one by one or found by a rule."""
