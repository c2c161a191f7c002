# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fields of each object, in the order of the documentation, null when empty."""

ADDRESS = (
    "AddressLine1", "AddressLine2", "City", "Region", "PostalCode", "Country",
)  # fmt: skip
BROWSER = (
    "AcceptHeader", "JavaEnabled", "JavascriptEnabled", "Language", "ColorDepth",
    "ScreenHeight", "ScreenWidth", "TimeZoneOffset", "UserAgent",
)  # fmt: skip
LEGAL_REPRESENTATIVE = (
    "FirstName", "LastName", "ProofOfIdentity", "Birthday", "Nationality",
    "CountryOfResidence", "Email", "PhoneNumberCountry", "PhoneNumber",
)  # fmt: skip
CARD_INFO = ("BIN", "IssuingBank", "IssuerCountryCode", "Type", "Brand", "SubType")

_USER = (
    "Id", "Tag", "CreationDate", "PersonType", "Email", "KYCLevel",
    "TermsAndConditionsAccepted", "TermsAndConditionsAcceptedDate", "UserCategory",
    "UserStatus",
)  # fmt: skip
_TRANSACTION = (
    "Id", "Tag", "CreationDate", "AuthorId", "CreditedUserId", "DebitedFunds",
    "CreditedFunds", "Fees", "Status", "ResultCode", "ResultMessage", "ExecutionDate",
    "Type", "Nature", "CreditedWalletId", "DebitedWalletId",
)  # fmt: skip
_PAYIN = (*_TRANSACTION, "PaymentType", "ExecutionType", "FlowDescriptor",
          "ProfilingAttemptReference", "AuthenticationResult")  # fmt: skip
_SECURE = (
    "SecureMode", "CardId", "SecureModeReturnURL", "SecureModeRedirectURL",
    "SecureModeNeeded", "Culture", "SecurityInfo", "StatementDescriptor",
    "BrowserInfo", "IpAddress", "Billing", "Shipping", "Requested3DSVersion",
    "Applied3DSVersion", "PreferredCardNetwork", "PaymentCategory", "CardInfo",
)  # fmt: skip

FIELDS = {
    "natural": (
        *_USER, "FirstName", "LastName", "Birthday", "Nationality",
        "CountryOfResidence", "Occupation", "IncomeRange", "ProofOfIdentity",
        "ProofOfAddress", "Capacity", "PhoneNumber", "PhoneNumberCountry", "Address",
        "PendingUserAction",
    ),
    "legal": (
        *_USER, "Name", "LegalPersonType", "LegalRepresentative",
        "ProofOfRegistration", "ShareholderDeclaration", "Statute", "CompanyNumber",
        "HeadquartersAddress", "LegalRepresentativeAddress", "PendingUserAction",
    ),
    "wallet": (
        "Description", "Owners", "Id", "Balance", "Currency", "FundsType", "Tag",
        "CreationDate",
    ),
    "payin_web": (
        *_PAYIN, "RedirectURL", "ReturnURL", "TemplateURL", "CardType", "Culture",
        "SecureMode", "Billing", "Shipping", "StatementDescriptor", "BankName",
    ),
    "payin_direct": (*_PAYIN, *_SECURE, "RecurringPayinRegistrationId"),
    "payin_bankwire": (
        *_PAYIN, "DeclaredDebitedFunds", "DeclaredFees", "WireReference",
        "BankAccount", "TransactionDetails",
    ),
    "payin_preauthorized": (*_PAYIN, "PreauthorizationId"),
    "preauthorization": (
        "Id", "Tag", "CreationDate", "AuthorId", "DebitedFunds", "RemainingFunds",
        "AuthorizationDate", "Status", "PaymentStatus", "ExpirationDate", "PayInId",
        "ResultCode", "ResultMessage", "PaymentType", "ExecutionType", "MultiCapture",
        *_SECURE,
    ),
    "transfer": (*_TRANSACTION, "ScaContext", "PendingUserAction"),
    "payout": (
        *_TRANSACTION, "PaymentType", "BankAccountId", "RecipientId", "BankWireRef",
        "ModeRequested", "ModeApplied", "FallbackReason", "EndToEndId", "PaymentRef",
        "ChargeBearer", "RecipientVerificationOfPayee",
    ),
    "refund": (
        *_TRANSACTION, "InitialTransactionId", "InitialTransactionType",
        "InitialTransactionNature", "RefundReason", "StatementDescriptor", "Reference",
    ),
    "repudiation": (
        *_TRANSACTION, "InitialTransactionId", "InitialTransactionType",
        "InitialTransactionNature",
    ),
    "settlement": (*_TRANSACTION, "RepudiationId"),
    "cardregistration": (
        "Id", "Tag", "CreationDate", "UserId", "AccessKey", "PreregistrationData",
        "RegistrationData", "CardId", "CardType", "CardRegistrationURL",
        "CardHolderName", "ResultCode", "ResultMessage", "Currency", "Status",
    ),
    "card": (
        "ExpirationDate", "Alias", "CardType", "CardProvider", "Country", "Product",
        "BankCode", "Active", "Currency", "Validity", "UserId", "Id", "Tag",
        "CreationDate", "Fingerprint", "CardHolderName",
    ),
    "card_validation": (
        "Id", "AuthorId", "Status", "Validity", "CreationDate", "Type", "ResultCode",
        "ResultMessage", "Tag", "ValidationUsage", "AuthorizationDate", *_SECURE,
    ),
    "recipient": (
        "Id", "Status", "CreationDate", "DisplayName", "PayoutMethodType",
        "RecipientType", "Currency", "Country", "UserId", "RecipientScope", "Tag",
        "IndividualRecipient", "BusinessRecipient", "LocalBankTransfer",
        "InternationalBankTransfer", "PendingUserAction",
        "RecipientVerificationOfPayee",
    ),
    "bankaccount": (
        "OwnerAddress", "OwnerName", "Type", "IBAN", "BIC", "AccountNumber",
        "SortCode", "ABA", "DepositAccountType", "InstitutionNumber", "BranchCode",
        "BankName", "Country", "UserId", "Id", "Tag", "CreationDate", "Active",
    ),
    "kyc_document": (
        "Type", "UserId", "Flags", "Id", "Tag", "CreationDate", "ProcessedDate",
        "Status", "RefusedReasonType", "RefusedReasonMessage",
    ),
    "ubo_declaration": (
        "Id", "UserId", "CreationDate", "ProcessedDate", "Status", "Reason",
        "Message", "Ubos", "Tag",
    ),
    "ubo": (
        "Id", "CreationDate", "LastName", "FirstName", "Birthday", "Nationality",
        "Address", "Birthplace", "IsActive", "Tag",
    ),
    "idv": (
        "Id", "Tag", "HostedUrl", "ReturnUrl", "Status", "UserId", "CreationDate",
        "LastUpdate", "Checks", "PSCs",
    ),
    "dispute": (
        "InitialTransactionId", "InitialTransactionType", "InitialTransactionNature",
        "DisputeType", "ContestDeadlineDate", "DisputedFunds", "ContestedFunds",
        "Status", "StatusMessage", "DisputeReason", "ResultCode", "ResultMessage",
        "Id", "Tag", "CreationDate", "ClosedDate", "RepudiationId",
    ),
    "dispute_document": (
        "DisputeId", "Type", "Id", "Tag", "CreationDate", "ProcessedDate", "Status",
        "RefusedReasonType", "RefusedReasonMessage",
    ),
    "hook": (
        "Url", "Status", "Validity", "EventType", "Email", "Id", "Tag", "CreationDate",
    ),
    "report": (
        "Id", "Tag", "CreationDate", "ReportDate", "Status", "ResultCode",
        "ResultMessage", "DownloadFormat", "DownloadURL", "ReportType", "Sort",
        "AfterDate", "BeforeDate", "Filters", "Columns",
    ),
}  # fmt: skip

PREFIXES = {
    "natural": "user_m_", "legal": "user_m_", "wallet": "wlt_m_",
    "payin_web": "payin_m_", "payin_direct": "payin_m_", "payin_bankwire": "payin_m_",
    "payin_preauthorized": "payin_m_", "preauthorization": "preauth_m_",
    "transfer": "xfer_m_", "payout": "po_m_", "refund": "refund_m_",
    "repudiation": "repud_m_", "settlement": "xfer_m_",
    "cardregistration": "cardreg_m_", "card": "card_m_",
    "card_validation": "cardval_m_", "recipient": "rec_",
    "bankaccount": "bankacc_m_", "kyc_document": "kyc_m_",
    "ubo_declaration": "ubodec_m_", "ubo": "ubo_m_", "idv": "idnver_m_",
    "dispute": "disp_m_", "dispute_document": "dispdoc_m_", "hook": "hook_m_",
    "report": "report_m_", "sca": "sca_m_",
}  # fmt: skip


def empty(kind):
    """All the fields of an object, null."""
    return dict.fromkeys(FIELDS.get(kind, ("Id", "Tag", "CreationDate")))


def whole(value, names):
    """A sub-object with each of its names, or None. Clients index them strictly."""
    if not isinstance(value, dict):
        return None
    return {name: value.get(name) for name in names}


def party(value):
    """A ``Billing`` or ``Shipping``, whole."""
    if not isinstance(value, dict):
        return None
    return {
        "FirstName": value.get("FirstName"),
        "LastName": value.get("LastName"),
        "Address": whole(value.get("Address") or {}, ADDRESS),
    }


def money(currency, amount):
    """Funds, in minor units."""
    return {"Currency": currency, "Amount": amount}


def public(obj):
    """What the API shows of an object: not its private keys."""
    return {key: value for key, value in obj.items() if not key.startswith("_")}
