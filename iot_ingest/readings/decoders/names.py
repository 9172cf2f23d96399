"""Names of metrics in other people's formats, as ours are written."""

import re

LONGEST = 63
OTHERS = re.compile(r"[^a-z0-9_./-]+")


def metric_name(name: str) -> str:
    """`Supply Air/Temp °C` becomes `supply_air/temp_c`; what has no letter is left as it is, for
    the quality gate to refuse."""
    made = OTHERS.sub("_", name.strip().lower()).strip("_./-")
    if made[:1].isdigit():
        made = f"m_{made}"
    return made[:LONGEST] or name
