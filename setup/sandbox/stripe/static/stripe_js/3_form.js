/*
 * The card form: plain inputs in the page (name="number", "expiry", "cvc"; a SEPA
 * debit has "iban"), so that a person or a browser test fills them like any other.
 */

const EXAMPLES = {
    number: "4242 4242 4242 4242",
    expiry: "12 / 30",
    cvc: "123",
    iban: "FR14 2004 1010 0505 0001 3M02 606",
};
const FIELDS = { card: ["number", "expiry", "cvc"], sepa_debit: ["iban"] };

const STYLE = `
    .stripe-standin { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem;
        padding: 1rem; border: 1px solid #d5dbe1; border-radius: .5rem;
        background: #fff; color: #30313d; }
    .stripe-standin label { display: block; font-size: .9rem; margin: 0; }
    .stripe-standin .wide { grid-column: 1 / -1; }
    .stripe-standin input { display: block; width: 100%; margin-top: .25rem;
        padding: .6rem .75rem; border: 1px solid #d5dbe1; border-radius: .3rem;
        font: inherit; background: #fff; color: inherit; }
    .stripe-standin input:focus { outline: 2px solid #635bff55;
        border-color: #635bff; }
    .stripe-standin [role=alert] { color: #b3093c; font-size: .9rem; margin: 0; }
    .stripe-standin-challenge { position: fixed; inset: 0; z-index: 100000;
        display: flex; align-items: center; justify-content: center;
        background: rgba(0, 0, 0, .45); }
    .stripe-standin-challenge > div { background: #fff; color: #1a1f36;
        padding: 1.5rem; border-radius: .5rem; max-width: 24rem; margin: 1rem; }
    .stripe-standin-challenge h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
    .stripe-standin-challenge button { font: inherit; padding: .5rem 1.1rem;
        margin: .5rem .5rem 0 0; border-radius: .3rem; cursor: pointer;
        border: 1px solid #635bff; background: #fff; color: #635bff; }
    .stripe-standin-challenge button[name=accept] { background: #635bff;
        color: #fff; }`;

function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
}

function addStyle() {
    if (!document.getElementById("stripe-standin-style")) {
        document.head.append(make("style", { id: "stripe-standin-style" }, STYLE));
    }
}

class Element {
    constructor(elements, type, options) {
        this.elements = elements;
        this.type = type;
        this.options = options || {};
        this.handlers = {};
        this.node = null;
    }

    mount(target) {
        const parent =
            typeof target === "string" ? document.querySelector(target) : target;
        addStyle();
        this.node = make("div", { class: "stripe-standin", "data-type": this.type });
        if (this.type !== "paymentRequestButton") {
            this.fill();
        }
        parent.append(this.node);
        setTimeout(() => this.emit("ready"), 0);
    }

    fill() {
        const { locale } = this.elements;
        const fields = FIELDS[this.method] || [];
        for (const name of fields) {
            const input = make("input", {
                name,
                type: "text",
                autocomplete: "off",
                placeholder: EXAMPLES[name],
                inputmode: name === "iban" ? "text" : "numeric",
            });
            input.addEventListener("input", () => this.changed());
            const wide = ["number", "iban"].includes(name) ? "wide" : "";
            this.node.append(make("label", { class: wide }, locale.label(name), input));
        }
        if (!fields.length) {
            this.node.append(make("p", { class: "wide" }, locale.label("redirect")));
        }
        this.alert = make("p", { role: "alert", class: "wide", hidden: "" });
        this.node.append(this.alert);
    }

    get method() {
        return (this.elements.options.paymentMethodTypes || ["card"])[0];
    }

    value(name) {
        return this.node.querySelector(`input[name=${name}]`).value.trim();
    }

    get complete() {
        return (FIELDS[this.method] || []).every((name) => this.value(name));
    }

    changed() {
        this.showError(null);
        this.emit("change", { complete: this.complete, elementType: this.type });
    }

    showError(message) {
        this.alert.hidden = !message;
        this.alert.textContent = message || "";
    }

    /** What is typed, in the form of « payment_method_data ». */
    data() {
        const billing = this.options.defaultValues?.billingDetails || {};
        const data = { type: this.method, billing_details: billing };
        if (this.method === "card") {
            const [month, year] = this.value("expiry").split("/");
            data.card = {
                number: this.value("number").replace(/\s/g, ""),
                exp_month: (month || "").trim(),
                exp_year: (year || "").trim(),
                cvc: this.value("cvc"),
            };
        } else if (this.method === "sepa_debit") {
            data.sepa_debit = { iban: this.value("iban") };
        }
        return data;
    }

    on(event, handler) {
        (this.handlers[event] = this.handlers[event] || []).push(handler);
        return this;
    }

    emit(event, data) {
        (this.handlers[event] || []).forEach((handler) => handler(data));
    }

    update(options) {
        Object.assign(this.options, options);
    }

    unmount() {
        this.node?.remove();
    }

    destroy() {
        this.unmount();
    }
}

class Elements {
    constructor(options, locale) {
        this.options = options || {};
        this.locale = locale;
        this.element = null;
    }

    create(type, options) {
        this.element = new Element(this, type, options);
        return this.element;
    }

    getElement() {
        return this.element;
    }

    update(options) {
        Object.assign(this.options, options);
    }

    /** Like Stripe.js: resolves with the error, and shows it in the form. */
    async submit() {
        if (this.element.complete) {
            return {};
        }
        const error = this.locale.error({
            type: "validation_error",
            code: "incomplete",
        });
        this.element.showError(error.message);
        return { error };
    }
}

Object.assign(window.stripeStandIn, { Elements, addStyle, make });
