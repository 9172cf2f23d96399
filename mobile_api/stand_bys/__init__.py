"""Stand-bys on the phone of whoever is asked."""
