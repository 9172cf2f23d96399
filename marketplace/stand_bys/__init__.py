"""Standing by: a stretch of duty of a rota, offered to freelancers and paid by the hour."""
