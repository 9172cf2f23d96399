"""What the phones of technicians and customers need, in their shape."""
