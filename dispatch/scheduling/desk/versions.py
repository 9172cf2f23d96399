"""The version of a visit that a caller saw, when he says so."""

from typing import Annotated

from fastapi import Depends, Header

from kernel.http import if_match


def seen_version(
    if_match_header: Annotated[str | None, Header(alias="If-Match")] = None,
) -> int | None:
    """None without If-Match: then the present version is taken as seen."""
    return None if if_match_header is None else if_match(if_match_header)


SeenVersion = Annotated[int | None, Depends(seen_version)]
