"""The core: who is served, by whom, what must be done, and when."""
