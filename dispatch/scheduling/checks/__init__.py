"""What would be wrong with sending this technician to that visit then."""
