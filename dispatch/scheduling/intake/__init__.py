"""Booking over the phone: windows while talking, held, confirmed, changed."""
