"""From an invitation to the first offer: who joins, what is still lacking, who lets them in."""
