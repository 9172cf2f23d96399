"""Outreach: asking customers about an alert, in writing and by phone."""
