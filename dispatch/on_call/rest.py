"""How long somebody rests after being called out; plain Python."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatch.technicians.working_time.rules import CallOutRest, Rules

Work = tuple[datetime, datetime]


def rest_until(rules: Rules, since: datetime | None, call_outs: Sequence[Work]) -> datetime:
    """When work may begin again after these call-outs, in order of time, `since` work ended.

    All of the daily rest follows the last one; where the law lets rest be continued, only what
    was left of it, if one piece was long enough.
    """
    end = call_outs[-1][1]
    whole = end + rules.daily_rest
    if rules.call_out_rest is CallOutRest.ANEW or since is None:
        return whole
    begins = [since, *(finished for _, finished in call_outs[:-1])]
    pieces = [
        max(started - begun, timedelta())
        for begun, (started, _) in zip(begins, call_outs, strict=True)
    ]
    left = max(rules.daily_rest - sum(pieces, timedelta()), timedelta())
    return end + left if max([*pieces, left]) >= rules.call_out_piece else whole
