"""The areas in which work is planned."""
