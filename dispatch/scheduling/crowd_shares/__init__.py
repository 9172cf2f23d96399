"""How much of a territory's work freelancers have, and may have by its policy."""
