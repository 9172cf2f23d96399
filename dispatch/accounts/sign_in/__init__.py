"""Proving who one is: passwords for staff, one-time codes for customers."""
