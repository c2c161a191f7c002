# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Where things are. The clone holds source only; what is built lives in the home."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "setup"
SANDBOX = SETUP / "sandbox"
ADDONS = ("training_catalogue_payment", "training_marketplace_payout")
SANDBOX_ADDONS = ("training_payment_sandbox", "training_marketplace_sandbox")


def home() -> Path:
    """Return the folder all clones share: ``TRAINING_HOME``, else the usual place."""
    named = os.environ.get("TRAINING_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/training-odoo")
    return Path("~/.local/share/training-odoo").expanduser()


def folder(*names: str) -> Path:
    """Return a folder of the home, made if it is not there."""
    path = home().joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def clone_key() -> str:
    """Return a short name for this clone, so that two clones do not mix their files."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def log_file(name: str) -> Path:
    """Return the log file of a step."""
    return folder("logs") / f"{name}.log"


def sandbox_addons() -> Path:
    """Return the addons path of the stand-ins."""
    return SANDBOX / "addons"


def own_addons() -> list[Path]:
    """Return the folders of all addons of this repository, stand-ins included."""
    return [ROOT / name for name in ADDONS] + [
        sandbox_addons() / name for name in SANDBOX_ADDONS
    ]
