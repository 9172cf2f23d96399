"""Facts to points, and what can never lower a score."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.scores.lifecycle import ChangeCause, FactKind
from marketplace.scores.scoring import Fact, Rules, score
from marketplace.scores.words import sentence
from marketplace.trust_terms.schemas import TrustTermsIn
from marketplace.trust_terms.words import SENTENCES, in_words

K = FactKind
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RULES = Rules()
USUAL = 4.2


def fact(kind: FactKind, stars: int | None = None, days_ago: float = 0) -> Fact:
    return Fact(kind, AT - timedelta(days=days_ago), stars)


def points(*facts: Fact) -> int:
    return score(facts, RULES, USUAL)


KINDS = st.sampled_from([kind for kind in K if kind is not K.RATED])
DAYS = st.floats(0, 400)
FACTS = st.lists(
    st.one_of(
        st.builds(fact, KINDS, st.none(), DAYS),
        st.builds(fact, st.just(K.RATED), st.integers(1, 5), DAYS),
    ),
    max_size=40,
)
RULE_SETS = st.builds(
    Rules,
    base_points=st.integers(0, 100),
    base_weight=st.integers(1, 20),
    half_life_days=st.integers(1, 365),
    late_points=st.integers(0, 100),
    no_show_weight=st.integers(1, 10),
    stars_weight=st.integers(1, 50),
)


class TestScore:
    def test_of_a_newcomer_is_the_base(self) -> None:
        assert points() == 80

    def test_counts_each_kind(self) -> None:
        assert points(fact(K.ON_TIME)) == round((5 * 80 + 100) / 6)
        assert points(fact(K.LATE)) == round((5 * 80 + 40) / 6)
        assert points(fact(K.BACK_OUT_EARLY)) == round((5 * 80 + 70) / 6)
        assert points(fact(K.BACK_OUT_LATE)) == round((5 * 80 + 10) / 6)
        assert points(fact(K.APPROVED)) == round((5 * 80 + 100) / 6)

    def test_counts_a_no_show_three_times(self) -> None:
        assert points(fact(K.NO_SHOW)) == round(5 * 80 / (5 + 3))

    def test_draws_a_rating_to_the_usual_one(self) -> None:
        drawn = (1 + 10 * USUAL) / 11
        assert points(fact(K.RATED, 1)) == round((5 * 80 + 25 * (drawn - 1)) / 6)

    def test_an_old_fact_counts_half_beside_a_new_one(self) -> None:
        found = points(fact(K.NO_SHOW, days_ago=90), fact(K.ON_TIME))
        assert found == round((5 * 80 + 100) / (5 + 1.5 + 1))

    @given(FACTS, RULE_SETS)
    def test_lies_between_0_and_100(self, facts: list[Fact], rules: Rules) -> None:
        assert 0 <= score(facts, rules, USUAL) <= 100

    @given(FACTS, st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order_it_is_told_in(self, facts, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis' Random
        mixed = list(facts)
        random.shuffle(mixed)
        assert points(*mixed) == points(*facts)

    @given(FACTS, st.integers(1, 5000), RULE_SETS)
    def test_time_alone_changes_nothing(self, facts: list[Fact], days: int, rules: Rules) -> None:
        later = [Fact(one.kind, one.happened_at + timedelta(days=days), one.stars) for one in facts]
        assert score(later, rules, USUAL) == score(facts, rules, USUAL)

    @given(st.lists(st.builds(fact, KINDS), max_size=40))
    def test_good_work_never_lowers_it_and_not_coming_never_raises_it(
        self, facts: list[Fact]
    ) -> None:
        now = points(*facts)
        assert points(*facts, fact(K.ON_TIME)) >= now
        assert points(*facts, fact(K.APPROVED)) >= now
        assert points(*facts, fact(K.NO_SHOW)) <= now

    def test_no_kind_of_fact_is_about_an_offer(self) -> None:
        assert {str(kind) for kind in K} == {
            *("on_time", "late", "back_out_early", "back_out_late", "no_show"),
            *("approved", "rated"),
        }


class TestWords:
    def test_every_kind_and_cause_has_a_sentence(self) -> None:

        for kind in K:
            for cause in ChangeCause:
                assert sentence(kind, 3, cause, 80, 83).endswith("from 80 to 83.")
        assert sentence(K.NO_SHOW, None, ChangeCause.REFUSED, 50, 50) == (
            "You did not come to a job. Somebody looked again: it still counts."
            " Your score stays at 50."
        )

    def test_every_parameter_is_disclosed(self) -> None:
        figures = TrustTermsIn().model_dump()
        told = in_words(figures)
        assert {name for rule in told for name in rule.figures} == figures.keys()
        assert [rule.rule for rule in told] == list(SENTENCES)
        assert "1.5 offers and 20 % more" in next(r.sentence for r in told if r.rule == "fairness")
