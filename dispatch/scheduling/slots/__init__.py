"""Windows that can be kept, holding one, and confirming it."""
