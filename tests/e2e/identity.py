# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps by which Mangopay learns who somebody is: a seller's, or a buyer's."""

from e2e import journey
from faults.harness.mangopay import Seller

SCA_CODE = "702100"
#: Fields that nobody types letter by letter.
CHOSEN = ("legal_form", "country", "nationality", "residence", "birthdate")


class IdentitySteps:
    """For a tour that names the page of the steps."""

    page = ""

    def submit(self, step):
        """Press the button of a step."""
        journey.wait_for_scripts(self)
        self.browser.click(f"form[action='{self.page}/{step}'] button[type=submit]")

    def come_back(self):
        """Wait until Mangopay's page has led back."""
        self.browser.wait_for(f"location.pathname == '{self.page}'", 60)

    def give_identity(self):
        """Say who one is, and accept Mangopay's terms."""
        self.browser.wait("[name=firstname]")
        journey.wait_for_scripts(self)
        for name, value in Seller.IDENTITY.items():
            if name == "terms":
                self.browser.click("[name=terms]")
            elif name in CHOSEN:
                field = f"document.querySelector('[name={name}]')"
                self.browser.run(f"{field}.value={value!r}")
            else:
                self.browser.fill(f"[name={name}]", value)
        self.submit("identity")

    def confirm_by_telephone(self):
        """Type the code on Mangopay's page of strong authentication."""
        self.browser.fill("[name=code]", SCA_CODE)
        self.picture("telephone")
        self.browser.click("button[value=validate]")
        self.come_back()

    def be_verified(self, answer):
        """Go through Mangopay's own verification, which ends as was chosen."""
        self.submit("verification")
        self.browser.wait(f"button[value={answer}]", 60)
        self.picture("verification")
        self.browser.click(f"button[value={answer}]")
        self.come_back()
