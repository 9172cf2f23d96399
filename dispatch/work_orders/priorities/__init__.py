"""Another priority for a work order, for a while."""
