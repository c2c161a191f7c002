# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Walk a journey in a browser: ``python -m workshop.walk JOURNEY URL SCREENSHOTS``.

The journey is a Python file with ``walk(browser, url, screenshots)``; what it returns
is printed as JSON on the last line.
"""

import json
import runpy
import sys
from pathlib import Path

from .browser import Browser


def main(journey: str, url: str, screenshots: str) -> None:
    """Walk ``journey``; when it is stuck, say where and keep a picture."""
    walk = runpy.run_path(journey)["walk"]
    with Browser() as browser:
        try:
            result = walk(browser, url, screenshots)
        except AssertionError as stuck:
            picture = Path(screenshots) / "stuck.png"
            browser.screenshot(picture)
            errors = "".join(f"\n  The page said: {one}" for one in browser.errors)
            sys.exit(f"✗ {stuck}{errors}\n  Seen: {picture}")
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
