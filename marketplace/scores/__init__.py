"""A freelancer's score: the verified facts it counts, every change of it, and why."""
