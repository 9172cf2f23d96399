"""A technician in one seat of a visit at a planned time; slot holds are assignments too."""
