"""Charts: what devices measured, as few points as a screen can show."""
