"""Working time: what the law of a country allows, and what of a shift may be planned."""
