"""The customer's phone: book, change, track, rate, answer an alert."""
