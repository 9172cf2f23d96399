"""One module for each command; `server.cli` has the table."""
