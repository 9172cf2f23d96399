"""The customer's side of a visit: the arrival window that was promised."""
