"""States of a training, who lets its model go to work, and what it came to; plain Python."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from kernel.lifecycle import Lifecycle

SLACK = 0.02
"""A candidate is worse than the model at work when a share is worse by more than this, or an error
larger by more than this part of it: less is noise."""


class TrainingStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TrainingStep(StrEnum):
    """What a running training is at."""

    READING = "reading"
    BACKTEST = "backtest"
    COMPARISON = "comparison"


class Promotion(StrEnum):
    """Who puts a candidate to work: a person, or nobody needs to where it is surely no worse."""

    BY_PERSON = "by_person"
    AUTOMATIC = "automatic"


class Outcome(StrEnum):
    """What became of the candidate of a training, or why there is none."""

    PROMOTED = "promoted"
    WAITS = "waits"
    CARD_FAILS = "card_fails"
    WORSE = "worse"
    NOT_COMPARED = "not_compared"
    NO_MODEL = "no_model"


_S = TrainingStatus
TRAINING: Lifecycle[TrainingStatus] = Lifecycle(
    "training",
    initial={_S.WAITING},
    moves={
        _S.WAITING: {_S.RUNNING, _S.FAILED, _S.CANCELLED},
        _S.RUNNING: {_S.DONE, _S.FAILED, _S.CANCELLED},
    },
)
OPEN_TRAININGS = (_S.WAITING, _S.RUNNING)

WORDS: dict[Outcome, dict[str, str]] = {
    Outcome.PROMOTED: {
        "en": "At work: its backtest passes, and no figure is worse than before.",
        "de": "Arbeitet: Der Rückvergleich ist bestanden, und kein Wert ist schlechter als zuvor.",
    },
    Outcome.WAITS: {
        "en": "Its backtest passes. A person decides whether it goes to work.",
        "de": "Der Rückvergleich ist bestanden. Ein Mensch entscheidet, ob es arbeitet.",
    },
    Outcome.CARD_FAILS: {
        "en": "Does not go to work: its backtest misses {figures}.",
        "de": "Arbeitet nicht: Der Rückvergleich verfehlt {figures}.",
    },
    Outcome.WORSE: {
        "en": "Does not go to work by itself: worse than the model at work in {figures}.",
        "de": "Arbeitet nicht von selbst: schlechter als das arbeitende Modell bei {figures}.",
    },
    Outcome.NOT_COMPARED: {
        "en": "Does not go to work by itself: it could not be compared with the model at work. Too"
        " little has happened since that was trained, it foretells something else, or it went to"
        " work only meanwhile.",
        "de": "Arbeitet nicht von selbst: Es ließ sich nicht mit dem arbeitenden Modell"
        " vergleichen. Seit dessen Training ist zu wenig geschehen, es sagt anderes vorher, oder es"
        " arbeitet erst seit eben.",
    },
    Outcome.NO_MODEL: {"en": "No model: {message}", "de": "Kein Modell: {message}"},
}


def outcome_of(
    card: Mapping[str, Any], *, has_live: bool, promotion: Promotion
) -> tuple[Outcome, list[str]]:
    """What is done with a candidate, and the names of the figures that speak against it."""
    if card.get("passes") is not True:
        missed = [name for name, is_met in card.get("floors", {}).items() if not is_met]
        return Outcome.CARD_FAILS, missed
    comparison = card.get("comparison")
    if has_live and not comparison:
        return Outcome.NOT_COMPARED, []
    worse = worse_figures(comparison or {})
    if worse:
        return Outcome.WORSE, worse
    return (Outcome.PROMOTED if promotion is Promotion.AUTOMATIC else Outcome.WAITS), []


def worse_figures(comparison: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """`rmse (later)` for each figure in which the candidate is worse, of `{split: {candidate:
    {figure: value}, live: {figure: value}}}`."""
    found = []
    for split, sides in comparison.items():
        for name, before in sides["live"].items():
            now = sides["candidate"].get(name)
            if now is not None and before is not None and _is_worse(name, now, before):
                found.append(f"{name} ({split})")
    return found


def _is_worse(name: str, now: float, before: float) -> bool:
    match name:
        case "precision" | "recall" | "gain":
            return now < before - SLACK
        case "coverage90":
            return abs(now - 0.9) > abs(before - 0.9) + SLACK
        case _:
            return now > before * (1 + SLACK)


def told(outcome: Outcome, figures: Sequence[str] = (), message: str = "") -> dict[str, Any]:
    """The outcome as data, with a sentence in English and German."""
    facts = {"figures": ", ".join(figures), "message": message}
    words = {language: text.format_map(facts) for language, text in WORDS[outcome].items()}
    return {"code": str(outcome), "figures": list(figures), "words": words}
