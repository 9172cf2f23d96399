"""Why an alert is there, in English and German; plain Python over its evidence."""

from collections.abc import Mapping
from typing import Any

RELATIONS = {
    "gt": ("above", "über"),
    "ge": ("at or above", "ab"),
    "lt": ("below", "unter"),
    "le": ("at or below", "bis"),
}
MEASURES = {
    "value": (
        "{metric} was {value}, {relation} {limit}",
        "{metric} war {value}, {relation} {limit}",
    ),
    "rate": (
        "{metric} changed by {value} an hour, {relation} {limit}",
        "{metric} änderte sich um {value} je Stunde, {relation} {limit}",
    ),
    "silence": (
        "Nothing was heard of {metric} for {minutes} min",
        "Von {metric} kam seit {minutes} min nichts",
    ),
    "model": (
        "A model gives {metric} a score of {value}, {relation} {limit}",
        "Ein Modell bewertet {metric} mit {value}, {relation} {limit}",
    ),
}
FORECASTS = {
    "failures": (
        "Nothing is measured on it; by {failures} failures of its model it lasts at least {lower} h"
        " more, nine times in ten; {left} h are likely",
        "Gemessen wird hier nichts; nach {failures} Ausfällen desselben Modells hält es in neun von"
        " zehn Fällen noch mindestens {lower} h; wahrscheinlich sind {left} h",
    ),
    "lower_hours": (
        "By what {metric} and other readings show, it lasts at least {lower} h, nine times in ten;"
        " {left} h are likely",
        "Nach {metric} und anderen Messwerten hält es in neun von zehn Fällen mindestens {lower} h;"
        " wahrscheinlich sind {left} h",
    ),
    "probability": (
        "It fails within a day with a probability of {chance} %, by its errors and repairs so far",
        "Es fällt mit {chance} % Wahrscheinlichkeit binnen eines Tages aus, nach den bisherigen"
        " Fehlern und Reparaturen",
    ),
}
DRIFTED = (
    "{metrics} left their usual places together, {times} times as far as ever in quiet time",
    "{metrics} haben sich gemeinsam verschoben, {times}-mal so weit wie je in ruhiger Zeit",
)
MOST_DRIFTED = 3
LASTING = (" for at least {minutes} min", " seit mindestens {minutes} min")
REPEATED = (", {times} times within {minutes} min", ", {times}-mal in {minutes} min")
TOGETHER = (", while {metric} was {value}", ", während {metric} {value} war")
CORROBORATED = {
    "anomaly": ("{metric} is unusual, too", "Auch {metric} ist ungewöhnlich"),
    "error": (
        "An error confirms it: {metric} was {value}",
        "Ein Fehler bestätigt es: {metric} war {value}",
    ),
}
SEEN = ("Seen {times} times", "{times}-mal gesehen")


def reason_in_words(evidence: Mapping[str, Any]) -> dict[str, str]:
    """One or two sentences per language; {} when the evidence names no metric."""
    if not evidence.get("metric"):
        return {}
    return {"en": _told(evidence, 0), "de": _told(evidence, 1)}


def _told(evidence: Mapping[str, Any], language: int) -> str:
    facts = {
        "metric": _name(evidence["metric"]),
        "value": _number(evidence.get("value")),
        "limit": _number(evidence.get("threshold")),
        "relation": RELATIONS.get(str(evidence.get("op")), ("beyond", "jenseits von"))[language],
        "minutes": _minutes(evidence.get("value")),
    }
    for told in (_forecast(evidence, facts, language), _drift(evidence, language)):
        if told is not None:
            return f"{told}.{_corroborated(evidence, language)}{_seen(evidence, language)}"
    measure = MEASURES.get(str(evidence.get("measure")), MEASURES["value"])
    text = measure[language].format_map(facts)
    if evidence.get("duration_seconds"):
        text += LASTING[language].format(minutes=_minutes(evidence["duration_seconds"]))
    if evidence.get("repeat_times"):
        text += REPEATED[language].format(
            times=evidence["repeat_times"], minutes=_minutes(evidence.get("repeat_seconds"))
        )
    for other in evidence.get("companions", ()):
        text += TOGETHER[language].format(
            metric=_name(other["metric"]), value=_number(other.get("value"))
        )
    text = f"{text[:1].upper()}{text[1:]}."
    return f"{text}{_corroborated(evidence, language)}{_seen(evidence, language)}"


def _corroborated(evidence: Mapping[str, Any], language: int) -> str:
    return "".join(
        " {}.".format(
            CORROBORATED[other["kind"]][language].format(
                metric=_name(other["metric"]), value=_number(other.get("value"))
            )
        )
        for other in evidence.get("corroborated_by", ())
        if other["kind"] in CORROBORATED
    )


def _forecast(evidence: Mapping[str, Any], facts: Mapping[str, str], language: int) -> str | None:
    told = evidence.get("forecast", {})
    for key, words in FORECASTS.items():
        if told.get(key) is not None:
            chance = f"{100 * told.get('probability', 0):.0f}"
            lower, left = (_number(told.get(name)) for name in ("lower_hours", "hours_left"))
            failures = told.get("failures")
            return words[language].format(
                **facts, chance=chance, lower=lower, left=left, failures=failures
            )
    return None


def _drift(evidence: Mapping[str, Any], language: int) -> str | None:
    told = evidence.get("drift")
    if not told:
        return None
    named = [
        f"{_name(one['metric'])} ({one['deviations']:+.1f} σ)"
        for one in told["metrics"][:MOST_DRIFTED]
    ]
    times = _number(told["times_the_limit"])
    return DRIFTED[language].format(metrics=", ".join(named), times=times)


def _seen(evidence: Mapping[str, Any], language: int) -> str:
    occurrences = evidence.get("occurrences", 1)
    return f" {SEEN[language].format(times=occurrences)}." if occurrences > 1 else ""


def _name(metric: Any) -> str:
    return str(metric).replace("_", " ").replace(".", " ")


def _number(value: Any) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, int | float) else "?"


def _minutes(seconds: Any) -> str:
    return str(round(seconds / 60)) if isinstance(seconds, int | float) else "?"
