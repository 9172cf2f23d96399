"""Whom we serve, and where."""
