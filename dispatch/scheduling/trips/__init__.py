"""The travel that stands before each stop of a technician."""
