"""A freelancer's own score, share of offers and reviews, as the phone shows them."""
