# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The unmodified Python SDK: what moves money."""

import pytest
from mangopay import resources
from mangopay.exceptions import APIError
from mangopay.utils import IndividualRecipient, PaymentRef
from mangopay_sdk_kit import ADDRESS, BROWSER, eur, registered, wallet
from mangopay_stand_in import IBAN, token_of


def test_preauthorization(sdk, payer):
    """D14: PreAuthorization and PreAuthorizedPayIn."""
    made, card = wallet(sdk, payer), registered(sdk, payer)
    held = resources.PreAuthorization(
        author=payer,
        card=card,
        debited_funds=eur(9000),
        secure_mode="DEFAULT",
        secure_mode_return_url="http://127.0.0.1:1/back",
        ip_address="127.0.0.1",
        browser_info=BROWSER,
    )
    held.save(sdk)
    assert (held.status, held.payment_status) == ("SUCCEEDED", "WAITING")
    payin = resources.PreAuthorizedPayIn(
        author=payer,
        credited_wallet=made,
        preauthorization=held,
        debited_funds=eur(4000),
        fees=eur(0),
    )
    payin.save(sdk)
    assert payin.status == "SUCCEEDED"
    found = resources.PreAuthorization.get(held.id, handler=sdk)
    assert found.remaining_funds.amount == 5000
    assert card.get_pre_authorizations(handler=sdk).data[0].id == held.id
    assert payer.get_pre_authorizations(handler=sdk).data[0].id == held.id


def test_bank_wire(sdk, mangopay_sandbox, payer):
    """D14: BankWirePayIn; refunded by a payout, not by a refund."""
    made = wallet(sdk, payer)
    payin = resources.BankWirePayIn(
        author=payer,
        credited_wallet=made,
        declared_debited_funds=eur(30000),
        declared_fees=eur(0),
    )
    payin.save(sdk)
    assert payin.status == "CREATED" and payin.wire_reference
    mangopay_sandbox.do("receive-wire", payin.id)
    assert resources.Wallet.get(made.id, handler=sdk).balance.amount == 30000
    with pytest.raises(APIError) as refused:
        resources.PayInRefund(author=payer, payin=payin).save(sdk)
    assert refused.value.content["Type"] == "invalid_action"


def test_transfer_and_refunds(sdk, payer, seller, full):
    """D14: Transfer, TransferRefund, PayInRefund, Refund.get, get_refunds."""
    source, payin = full
    target = wallet(sdk, seller)
    transfer = resources.Transfer(
        author=payer,
        credited_user=seller,
        debited_wallet=source,
        credited_wallet=target,
        debited_funds=eur(12000),
        fees=eur(2000),
    )
    transfer.save(sdk)
    assert (transfer.status, transfer.credited_funds.amount) == ("SUCCEEDED", 10000)
    fees = resources.ClientWallet.get("FEES", "EUR", handler=sdk)
    assert fees.balance.amount == 2000
    back = resources.TransferRefund(author=payer, transfer=transfer)
    back.save(sdk)
    assert (back.status, back.credited_funds.amount) == ("SUCCEEDED", 12000)
    refund = resources.PayInRefund(
        author=payer, payin=payin, debited_funds=eur(3000), fees=eur(0)
    )
    refund.save(sdk)
    assert (refund.status, refund.initial_transaction_id) == ("SUCCEEDED", payin.id)
    found = resources.Refund.get(refund.id, handler=sdk)
    assert found.refund_reason.type == "INITIALIZED_BY_CLIENT"
    assert [r.id for r in transfer.get_refunds(handler=sdk).data] == [back.id]
    assert resources.Transfer.get(transfer.id, handler=sdk).status == "SUCCEEDED"


def test_recipient(sdk, mangopay_sandbox, seller):
    """D14: RecipientSchema, PayoutMethod, Recipient."""
    schema = resources.RecipientSchema.get(
        "LocalBankTransfer", "Individual", "EUR", "FR", handler=sdk
    )
    assert schema.local_bank_transfer["EUR"]["IBAN"]["Required"] is True
    methods = resources.PayoutMethod.get("FR", "EUR", handler=sdk)
    assert "LocalBankTransfer" in methods.available_payout_methods
    made = recipient(seller)
    mangopay_sandbox.do("activate-recipient", made["id"])
    found = resources.Recipient.get(made["id"], handler=sdk)
    assert found.status == "ACTIVE"
    check = found.recipient_verification_of_payee
    assert check.recipient_verification_check == "MATCH"
    listed = resources.Recipient.get_user_recipients(seller.id, handler=sdk)
    assert [r.id for r in listed.data] == [made["id"]]
    resources.Recipient.deactivate(made["id"], status="DEACTIVATED")
    assert resources.Recipient.get(made["id"], handler=sdk).status == "DEACTIVATED"


def test_payout(sdk, mangopay_sandbox, payer, seller, full):
    """D14: BankWirePayOut, its mode, its return, PayOutEligibility."""
    made = recipient(seller)
    mangopay_sandbox.do("activate-recipient", made["id"])
    target = wallet(sdk, seller)
    resources.Transfer(
        author=payer,
        credited_user=seller,
        debited_wallet=full[0],
        credited_wallet=target,
        debited_funds=eur(12000),
        fees=eur(0),
    ).save(sdk)
    eligible = resources.PayOutEligibility(
        author=seller,
        debited_funds=eur(12000),
        fees=eur(0),
        debited_wallet=target,
        bank_account=resources.BankAccount(id=made["id"]),
        payout_mode_requested="INSTANT_PAYMENT",
    ).check_eligibility()
    assert eligible["instant_payout"].is_reachable is True
    payout = resources.BankWirePayOut(
        author=seller,
        debited_wallet=target,
        debited_funds=eur(12000),
        fees=eur(1500),
        recipient_id=made["id"],
        bank_wire_ref="JUIN 2026",
        payout_mode_requested="STANDARD",
        payment_ref=PaymentRef(reason_type="OTHER", reference_id="7"),
    )
    payout.save(sdk)
    assert payout.status == "CREATED"
    done = resources.BankWirePayOut.get(payout.id, handler=sdk)
    assert (done.status, done.credited_funds.amount) == ("SUCCEEDED", 10500)
    shown = resources.BankWirePayOut.get_bankwire(payout.id, handler=sdk)
    assert shown.mode_applied == "STANDARD"
    mangopay_sandbox.do("return-payout", payout.id)
    assert len(done.get_refunds(handler=sdk).data) == 1


def recipient(seller):
    made = resources.Recipient(
        display_name="Paul Durand",
        payout_method_type="LocalBankTransfer",
        recipient_type="Individual",
        currency="EUR",
        country="FR",
        individual_recipient=IndividualRecipient(
            first_name="Paul", last_name="Durand", address=ADDRESS
        ),
        local_bank_transfer={"EUR": {"IBAN": IBAN}},
    )
    made.validate(seller.id)
    result = made.create(seller.id)
    assert result["status"] == "PENDING"
    assert token_of(result["pending_user_action"].redirect_url)
    return result


def test_bank_account(sdk, seller):
    """D14: BankAccount, made, listed and put away."""
    account = resources.BankAccount(
        user=seller,
        owner_name="Paul Durand",
        owner_address=ADDRESS,
        type="IBAN",
        iban=IBAN,
    )
    account.save(sdk)
    listed = resources.BankAccount.all(user_id=seller.id, handler=sdk)
    assert [a.id for a in listed.data] == [account.id]
    account.deactivate()
    found = resources.BankAccount.get(account.id, user_id=seller.id, handler=sdk)
    assert found.active is False
