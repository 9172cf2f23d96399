"""Attacks on what must always hold; `./dev bench invariants` runs them, tests run a small share."""
