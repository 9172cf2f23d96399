"""Work orders as people read them, with what belongs to them."""
