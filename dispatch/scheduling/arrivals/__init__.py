"""How well planned arrivals are kept, and how wide a promise has to be for it."""
