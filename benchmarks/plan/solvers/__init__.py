"""One module per solver, each run as a process of its own on one core."""
