"""Certificates: devices that prove who they are with a key of their own."""
