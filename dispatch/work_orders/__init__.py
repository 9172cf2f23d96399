"""Work orders and their visits: what must be achieved, in which stays, by when."""
