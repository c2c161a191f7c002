import { patch } from "@web/core/utils/patch";

import { PaymentForm } from "@payment/interactions/payment_form";

/**
 * Payment page of a training session: what the buyer ticked goes with the payment. The
 * server refuses a payment without it; here the buyer is told before.
 */
patch(PaymentForm.prototype, {
    /** The boxes before the pay button, or null where no training is bought. */
    get trainingConsents() {
        return document.querySelector("[name='training_recap_consents']");
    },

    /** @override */
    async submitForm(ev) {
        if (!this.checkTrainingConsents()) {
            ev.stopPropagation();
            ev.preventDefault();
            return;
        }
        await super.submitForm(...arguments);
    },

    /** Show which compulsory boxes are not ticked, and go to the first one. */
    checkTrainingConsents() {
        const boxes = [
            ...(this.trainingConsents?.querySelectorAll("input[type='checkbox']") ??
                []),
        ];
        for (const box of boxes) {
            const isMissing = box.required && !box.checked;
            box.classList.toggle("is-invalid", isMissing);
            box.toggleAttribute("aria-invalid", isMissing);
        }
        const missing = boxes.find((box) => box.classList.contains("is-invalid"));
        missing?.focus();
        missing?.scrollIntoView({ block: "center" });
        return !missing;
    },

    /** @override */
    _prepareTransactionRouteParams() {
        const params = super._prepareTransactionRouteParams(...arguments);
        const consents = this.trainingConsents;
        if (consents) {
            params.training_accepted = {
                terms: Number.parseInt(consents.dataset.terms),
                consents: [
                    ...consents.querySelectorAll("input[type='checkbox']:checked"),
                ].map((box) => box.name),
            };
        }
        return params;
    },
});
