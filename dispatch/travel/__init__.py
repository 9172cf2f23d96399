"""How long it takes to drive from place to place."""
