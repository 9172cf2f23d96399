"""Learning: what technicians found flows back to the rules and models that sent them."""
