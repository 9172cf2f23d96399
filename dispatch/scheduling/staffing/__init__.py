"""Who goes to a visit: assigned, taken off, called back by a person or a plan."""
