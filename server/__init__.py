"""Puts the packages together; imported by nobody."""
