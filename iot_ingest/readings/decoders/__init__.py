"""Decoders: one file per device format, each a pure function from bytes to a decoded message."""
