"""Work offered to freelancers: who is asked, at what pay, who wins."""
