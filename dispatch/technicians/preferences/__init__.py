"""Who would rather, and who will not, work for or be served by whom."""
