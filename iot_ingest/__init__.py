"""Devices, their readings, the rules that watch them and the alerts that lead to work."""
