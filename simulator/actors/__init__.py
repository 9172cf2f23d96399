"""Who lives in the city; each actor knows only what its phone or screen shows."""
