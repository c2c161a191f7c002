# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import sys
from datetime import date

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class MarketplaceProof(Command):
    """Prove the books of the marketplace, for an accountant or an auditor.

    Prints, for each company that has an account at Mangopay: every check of the books
    with its sentence and whether it holds, the balances of the accounts, what each
    seller sold, gave back, was paid and is owed, and each difference. Nothing is
    written, and Mangopay is not called: the transaction is read-only.
    """

    name = "marketplace_proof"
    epilog = """
        Odoo finds a command of an addon by the addons path alone, which comes first.
        Ends with 0 when the books hold, with 1 when something differs or could not be
        checked, with 2 when there is nothing to prove.

            odoo-bin --addons-path=… marketplace_proof -c odoo.conf -d books
            odoo-bin --addons-path=… marketplace_proof -d books --company 3
            odoo-bin --addons-path=… marketplace_proof -d books --as-of 2026-12-31
    """

    def __init__(self):
        super().__init__()
        add = self.parser.add_argument
        add("-c", "--config", help="configuration file of the server")
        add("-d", "--database", help="database; the configuration's without one")
        add("--company", type=int, help="id of one company; all of them without one")
        add(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="last day of the balances and totals, today without one; the checks "
            "are of now",
        )

    def run(self, args):
        """Print the proof, and leave with what it says."""
        options = self.parser.parse_args(args)
        arguments = ["--no-http"]
        arguments += ["-c", options.config] if options.config else []
        arguments += ["-d", options.database] if options.database else []
        config.parse_config(arguments, setup_logging=True)
        names = config["db_name"]
        if not names or len(names) > 1:
            self.parser.error("Name one database.")
        with Registry(names[0]).cursor() as cr:
            cr.execute("SET TRANSACTION READ ONLY")
            env = Environment(cr, SUPERUSER_ID, {})
            if "marketplace.proof.run" not in env:
                self.parser.error("The marketplace is not installed in this database.")
            code = print_proof(env, options.company, options.as_of, sys.stdout)
            cr.rollback()
        sys.exit(code)


def print_proof(env, company_id, as_of, stream):
    """Write the proof of one company, or of all; return the code to leave with."""
    companies = env["marketplace.proof.run"]._get_companies()
    if company_id:
        companies = companies.filtered(lambda one: one.id == company_id)
    wrong = 0
    for company in companies:
        proof = env["marketplace.proof"].with_context(
            lang=company.partner_id.lang, allowed_company_ids=company.ids
        )
        lines, found = proof._describe(company, as_of)
        stream.write("\n".join(lines) + "\n\n")
        wrong += found
    if not companies:
        return 2
    return 1 if wrong else 0
