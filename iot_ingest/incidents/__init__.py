"""Incidents: a shared cause behind many alerts."""
