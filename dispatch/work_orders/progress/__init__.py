"""How a visit gets from waiting to done, and what follows from each step."""
