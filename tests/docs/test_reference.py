"""The documentation lists what the code has."""

from pathlib import Path

from kernel.settings import Settings
from server import registry
from server.commands import reference

ROOT = Path(__file__).parents[2]


class TestReference:
    def test_is_what_the_code_says(self) -> None:
        assert (ROOT / "docs" / "reference.md").read_text() == reference.text(), (
            "run: firstfix reference > docs/reference.md"
        )

    def test_every_event_says_what_happened(self) -> None:
        registry.load()
        silent = [
            name
            for name, event in reference.product_events()
            if not event.__doc__ or event.__doc__.startswith(f"{event.__name__}(")
        ]
        assert silent == []

    def test_every_setting_says_what_it_means(self) -> None:
        assert [n for n, f in Settings.model_fields.items() if not f.description] == []


class TestReadme:
    def test_links_lead_somewhere(self) -> None:
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
            for target in _links(page.read_text()):
                assert (page.parent / target).exists(), f"{page.name} points to {target}"


def _links(text: str) -> list[str]:
    found = []
    for part in text.split("](")[1:]:
        target = part.partition(")")[0].partition("#")[0]
        if target and "://" not in target:
            found.append(target)
    return found
