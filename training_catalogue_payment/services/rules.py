# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Under whose rules a training is sold (rows A4, A9, A26).

They are those of the organisation that sells it, whoever takes the money.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """What the law asks to know of an organisation that sells training.

    :param str vat_regime: ``exempt``, ``franchise``, ``taxable``, None: not chosen
    :param bool has_attestation: date and file of the exemption are known
    :param bool is_regulated: French training law applies
    :param str country: ISO code of the country where the organisation is taxed
    """

    vat_regime: str | None
    has_attestation: bool
    is_regulated: bool
    country: str


def find_regime(rules, is_bpf):
    """Return the VAT regime of one sale: the exemption is for training of the BPF.

    >>> rules = TrainingRules("exempt", True, True, "FR")
    >>> find_regime(rules, True), find_regime(rules, False)
    ('exempt', 'taxable')
    """
    if rules.vat_regime == "exempt" and not is_bpf:
        return "taxable"
    return rules.vat_regime
