"""Dates without a sure technician: said openly, confirmed by a time, or replaced by others."""
