"""The demonstration day: the stack, the city beside it, and the checks at its end."""
