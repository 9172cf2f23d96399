"""What technicians may do: skills and credentials."""
