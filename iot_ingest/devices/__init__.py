"""Devices: sensors and gateways with credentials of their own."""
