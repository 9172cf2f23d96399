"""Who can be asked to stand by; plain Python."""

from collections.abc import Collection, Sequence

from marketplace.crowd.matching import CROWD, Freelancer, Interval


def why_not(
    person: Freelancer, skills: Sequence[str], period: Interval, taken: Collection[Interval]
) -> tuple[str, str] | None:
    """Why somebody cannot stand by then, as a code and a sentence; `taken` are the stand-bys that
    the person has already. The usual hours do not count: duty lies outside of them."""
    starts_at, ends_at = period
    if not person.active:
        return "inactive", "Is not active."
    if person.employment not in CROWD:
        return "not_a_freelancer", "Is employed in house; put the person on the rota instead."
    if person.cleared_until is not None and person.cleared_until < ends_at:
        return person.bar
    for skill in skills:
        if not any(held.covers(skill, 1, starts_at) for held in person.skills):
            return "skill_missing", f"Lacks {skill}."
    if any(start < ends_at and starts_at < end for start, end in (*person.busy, *taken)):
        return "not_free", "Has other work or duty then, or is away."
    return None
