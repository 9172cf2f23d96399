"""Work types: the templates of work."""
