"""What the day was like, and what happened with one customer, read across the slices."""
