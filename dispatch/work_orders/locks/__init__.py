"""Work orders locked for a change, and the word that they changed."""
