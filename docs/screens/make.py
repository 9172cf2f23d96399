"""Takes the screenshots in this folder again, from a running product (`./dev screens`)."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

os.chdir(ROOT)
os.execv(sys.executable, [sys.executable, "-m", "tests.e2e.browser.screens", *sys.argv[1:]])
