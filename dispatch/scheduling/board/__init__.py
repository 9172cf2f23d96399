"""What the dispatcher sees: the day board, the day sheet, one visit with everything about it."""
