"""What a person has fixed about a visit, so that no plan may change it."""
