"""Gateways: one connection that speaks for many devices, and what such a connection has said."""
