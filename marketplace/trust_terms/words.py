"""The rules of trust in words that a freelancer understands; plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

SENTENCES = {
    "base": "Who is new has {base_points} points. They count as much as {base_weight} facts, so"
    " that one bad day does not decide.",
    "facts": "Only facts count: whether you came in time, gave a job back or did not come, whether"
    " your work was approved, and how customers rated it.",
    "declining": "Saying no to an offer, or not answering, never counts.",
    "on_time": "Coming up to {late_minutes} minutes after the promised time is in time and worth"
    " 100 points; coming later is worth {late_points}.",
    "back_out": "Giving a job or stand-by back is worth {early_back_out_points} points, and"
    " {late_back_out_points} less than {notice_hours} hours before it begins.",
    "no_show": "Not coming is worth 0 points and counts {no_show_weight} times.",
    "work": "Approved work is worth 100 points.",
    "stars": "Five stars are worth 100 points and one star 0. The mean of everybody is added as if"
    " it were {stars_weight} ratings, so that one customer alone cannot spoil much.",
    "recent": "A fact counts half as much once your newest one is {half_life_days} days younger."
    " Time alone changes nothing: a holiday costs no points.",
    "use": "The score decides nothing by itself. People of the office see it, and so do you. It"
    " plays no part in who is asked first.",
    "review": "You can ask that a person looks again, at each fact and at each time you were not"
    " asked. The answer comes within {answer_days} days.",
    "fairness": "Over {window_days} days nobody is asked who got {most_ahead} offers and"
    " {most_ahead_pct} % more than an equal share, while somebody else can do the job. Only whom"
    " the customer prefers is asked in any case.",
    "buyer": "What we promise: questions answered within {reply_hours} hours, work approved within"
    " {approve_hours} hours, pay refused for at most {refused_pct} of 100 jobs, and at most"
    " {cancelled_pct} of 100 taken away at short notice.",
}


@dataclass(frozen=True)
class RuleInWords:
    """One rule: its name in the catalogues of the apps, its figures, and the English sentence."""

    rule: str
    figures: Mapping[str, float]
    sentence: str


def in_words(terms: Mapping[str, float]) -> list[RuleInWords]:
    """Every rule with the figures that it names."""
    return [
        RuleInWords(
            rule,
            {name: value for name, value in terms.items() if f"{{{name}}}" in sentence},
            sentence.format(**{name: f"{value:g}" for name, value in terms.items()}),
        )
        for rule, sentence in SENTENCES.items()
    ]
