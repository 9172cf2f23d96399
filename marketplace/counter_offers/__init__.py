"""Other terms for an offer: more pay, another time, expenses; proposed by either side."""
