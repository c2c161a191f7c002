# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Start the Mangopay stand-in: ``python setup/sandbox/mangopay --port 8430``."""

import sys
from pathlib import Path

# What the stand-ins share is beside them.
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from standin.cli import main

if __name__ == "__main__":
    main()
