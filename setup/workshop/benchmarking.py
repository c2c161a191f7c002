# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""``setup/benchmark``: install, then run ``tests/benchmarks`` on prepared databases."""

import os
import subprocess

from . import cluster, commands, databases, install, odoo, paths, virtualenv


def main(arguments: list[str]) -> int:
    """Measure, print the table, and return 0 when every bar is held."""
    install.for_testing()
    with cluster.running():
        template = databases.ensure_sandbox()
        environment = {
            "ODOO_RC": str(odoo.config("benchmark", template)),
            "TRAINING_TEMPLATE": template,
            "TRAINING_STOCK_TEMPLATE": databases.ensure_stock(),
            "PYTHONPATH": os.pathsep.join(
                str(folder) for folder in (paths.ROOT / "tests", paths.SETUP)
            ),
            **cluster.connection(),
        }
        entry = paths.ROOT / "tests" / "benchmarks" / "run.py"
        return subprocess.call(
            [str(virtualenv.python()), str(entry), *arguments],
            env=commands.environment(environment),
            cwd=paths.ROOT,
        )
