"""What each process remembers of the schedule, so that windows are found without reading it."""
