"""What customers say about a visit."""
