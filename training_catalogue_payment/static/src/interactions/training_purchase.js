import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Purchase page of a training session. It only shows, hides and fills in: the server
 * checks everything again, and the page works without it.
 *
 * A hidden block is a disabled fieldset, so that it posts nothing.
 */
export class TrainingPurchase extends Interaction {
    static selector = ".o_training_purchase_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "input[name='buyer_kind']": { "t-on-change": this.update },
        "input[name='learner_count']": { "t-on-input": this.update },
        "select[name='country_code']": { "t-on-change": this.update },
        "input[name='is_association']": { "t-on-change": this.update },
        "input[name='buyer_is_learner']": { "t-on-change": this.update },
        "input[name='contact_name'], input[name='individual_name'], input[name='email']":
            {
                "t-on-input": this.updateBuyerAsLearner,
            },
        "input[name$='_later']": { "t-on-change": this.update },
    };

    setup() {
        this.totals = JSON.parse(this.el.dataset.totals);
        this.isSubmitted = false;
    }

    start() {
        this.update();
        this.el.querySelector(".o_training_errors")?.focus();
    }

    get isIndividual() {
        return (
            this.el.querySelector("input[name='buyer_kind']:checked")?.value ===
            "individual"
        );
    }

    /** The number of rows to show, within what the page offers. */
    get learnerCount() {
        const input = this.el.querySelector("input[name='learner_count']");
        const count = this.isIndividual ? 1 : Number.parseInt(input.value) || 1;
        return Math.min(Math.max(count, 1), this.totals.length);
    }

    update() {
        this.updateBuyer();
        this.updateLearners();
        this.updateBuyerAsLearner();
        this.updateTotal();
    }

    updateBuyer() {
        for (const block of this.el.querySelectorAll(".o_training_company")) {
            const isAlone = block.contains(
                this.el.querySelector("#training_learner_count"),
            );
            this.toggle(block, !this.isIndividual, isAlone && this.totals.length === 1);
        }
        for (const block of this.el.querySelectorAll(".o_training_individual")) {
            this.toggle(block, this.isIndividual);
        }
        const country = this.el.querySelector("select[name='country_code']")
            .selectedOptions[0];
        const hasSiret = Boolean(country?.dataset.siret);
        this.toggle(this.el.querySelector(".o_training_siret"), hasSiret);
        this.toggle(this.el.querySelector(".o_training_foreign"), !hasSiret);
        const isAssociation = this.el.querySelector(
            "input[name='is_association']",
        ).checked;
        this.el
            .querySelector(".o_training_rna")
            .classList.toggle("d-none", !isAssociation);
    }

    updateLearners() {
        for (const row of this.el.querySelectorAll(".o_training_learner")) {
            const number = Number(row.dataset.number);
            this.toggle(row, number <= this.learnerCount);
            const isLater = row.querySelector("input[name$='_later']").checked;
            for (const name of ["name", "email"]) {
                this.field(`learner_${number}_${name}`).disabled = isLater;
            }
        }
    }

    /** « I am the learner »: the first learner follows what is typed for the buyer. */
    updateBuyerAsLearner() {
        const isLearner = this.field("buyer_is_learner").checked;
        const later = this.field("learner_1_later");
        later.disabled = isLearner;
        if (isLearner) {
            later.checked = false;
        }
        const name = this.field(this.isIndividual ? "individual_name" : "contact_name");
        const values = { name: name.value, email: this.field("email").value };
        for (const [key, value] of Object.entries(values)) {
            const input = this.field(`learner_1_${key}`);
            input.readOnly = isLearner;
            if (isLearner) {
                input.disabled = false;
                input.value = value;
            }
        }
    }

    updateTotal() {
        const count = this.learnerCount;
        const total = { ...this.totals[count - 1], learners: String(count) };
        for (const el of this.el.querySelectorAll("[data-total]")) {
            el.textContent = total[el.dataset.total];
        }
        this.field("shown_total").value = total.total;
    }

    /** One form, one booking: the second click of a double click does nothing. */
    onSubmit(ev) {
        if (this.isSubmitted) {
            ev.preventDefault();
            return;
        }
        this.isSubmitted = true;
        const button = this.el.querySelector(".o_training_submit");
        button.classList.add("disabled");
        button.setAttribute("aria-disabled", "true");
        // Back from the payment page, the browser may show this very page again.
        this.addListener(window, "pageshow", () => {
            this.isSubmitted = false;
            button.classList.remove("disabled");
            button.removeAttribute("aria-disabled");
        });
    }

    field(name) {
        return this.el.elements.namedItem(name);
    }

    /** Show a fieldset, or hide it and keep its values from being posted. */
    toggle(fieldset, isActive, isHidden = !isActive) {
        fieldset.disabled = !isActive;
        fieldset.classList.toggle("d-none", !isActive || isHidden);
    }
}

registry
    .category("public.interactions")
    .add("training_catalogue_payment.training_purchase", TrainingPurchase);
