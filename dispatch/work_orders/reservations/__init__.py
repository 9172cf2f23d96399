"""Parts that a work order needs, and where they are taken from."""
