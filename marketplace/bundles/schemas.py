"""Shapes of bundles."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.http import RequestSchema
from marketplace.bundles.routing import MOST_JOBS


class BundleRequest(RequestSchema):
    """Offer these visits as one route, to the best freelancers of all or of a talent pool."""

    visit_ids: Annotated[list[UUID], Field(min_length=2, max_length=MOST_JOBS)]
    pool_id: UUID | None = None
