"""Records in and out in bulk: CSV imports and the JSON Lines export."""
