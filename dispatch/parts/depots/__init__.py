"""Depots: where parts and tools are fetched."""
