"""Text in the cells of files that people open in a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run."""


def plain(text: str) -> str:
    """Text that stays text."""
    return f"'{text}" if text.startswith(FORMULA) else text
