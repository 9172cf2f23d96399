"""The birth of a work order with all that belongs to it."""
