"""Who works, what they may do, and when."""
