"""Ruin and recreate with simulated annealing, compiled: the search of `solve`."""
