"""Puts what belongs to a provider into the shapes of its pages."""

from mobile_api.provider.queries import OwnJob
from mobile_api.provider.schemas import OwnJobShown


def job_shown(job: OwnJob) -> OwnJobShown:
    return OwnJobShown(
        visit_id=job.visit.id,
        technician_id=job.row.technician_id,
        status=job.visit.status,
        work_type=job.work_type.name,
        address=job.site.address,
        time_zone=job.site.time_zone,
        starts_at=job.row.starts_at,
        ends_at=job.row.ends_at,
    )
