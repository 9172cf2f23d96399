"""Asking freelancers on the evening before whether they will come."""
