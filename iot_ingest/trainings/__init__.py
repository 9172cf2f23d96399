"""Trainings: what models are trained from, again and again, and what became of each training."""
