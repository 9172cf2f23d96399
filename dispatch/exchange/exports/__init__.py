"""Everything that goes out as JSON Lines."""
