"""Every text exists in every language and needs the same values there."""

from string import Formatter

import pytest

from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.templates import TEMPLATES, Wording, language_of, render
from kernel.errors import Invalid


def fields_of(wording: Wording) -> set[str]:
    texts = (wording.subject, wording.short, wording.long)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


class TestTemplates:
    @pytest.mark.parametrize("name", sorted(TEMPLATES))
    def test_each_is_told_in_both_languages_with_the_same_values(self, name: str) -> None:
        assert set(TEMPLATES[name]) == {"en", "de"}
        assert len({frozenset(fields_of(w)) for w in TEMPLATES[name].values()}) == 1

    @pytest.mark.parametrize("name", sorted(TEMPLATES))
    @pytest.mark.parametrize("channel", list(Channel))
    def test_each_renders_on_every_channel(self, name: str, channel: Channel) -> None:
        values = dict.fromkeys(fields_of(TEMPLATES[name]["en"]), "VALUE")
        for locale in ("en", "de"):
            subject, text = render(name, locale, channel, values)
            assert subject
            assert "{" not in subject + text


class TestRender:
    def test_says_which_value_is_missing(self) -> None:
        with pytest.raises(Invalid) as refusal:
            render("sign_in_code", "en", Channel.SMS, {})
        assert refusal.value.code == "template_value_missing"

    def test_leaves_braces_of_values_alone(self) -> None:
        _, text = render("office_note", "en", Channel.SMS, {"text": "{secret} %s"})
        assert text == "{secret} %s"

    def test_refuses_an_unknown_template(self) -> None:
        with pytest.raises(Invalid):
            render("poem", "en", Channel.SMS, {})


class TestLanguageOf:
    @pytest.mark.parametrize(
        ("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr", "en")]
    )
    def test_takes_the_nearest_catalogue(self, locale: str, language: str) -> None:
        assert language_of(locale) == language
