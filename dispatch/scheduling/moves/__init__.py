"""The day of work: moves of visits, lateness, and what happens when nobody lets us in."""
