"""Which implementation stands behind each port of the lower packages."""


def connect() -> None:
    """Wire every port; safe to repeat."""
