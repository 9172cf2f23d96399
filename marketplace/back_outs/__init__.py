"""When an accepted visit falls through: given back, or nobody came."""
