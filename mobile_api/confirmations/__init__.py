"""The question of the evening before, on the phone."""
