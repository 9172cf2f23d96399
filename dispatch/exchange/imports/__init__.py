"""Records that come in as CSV files."""
