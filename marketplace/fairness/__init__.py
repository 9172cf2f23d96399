"""Whether equally qualified people get equal chances, told to us and to each of them."""
