"""How likely it is that somebody of the crowd takes a visit and comes."""
