/*
 * Stripe.js of the stand-in: what Odoo's payment form calls, no more.
 *
 * The card form is plain inputs in the page (name="number", "expiry", "cvc"; a SEPA
 * debit has "iban"), so that a person or a browser test fills them like any other.
 */
(function () {
    "use strict";

    const BASE = new URL(document.currentScript.src).origin;

    const FRENCH = {
        card_declined: "Votre carte a été refusée.",
        insufficient_funds: "Votre carte ne dispose pas de fonds suffisants.",
        expired_card: "Votre carte est arrivée à expiration.",
        incorrect_cvc: "Le code de sécurité de votre carte est incorrect.",
        invalid_cvc: "Le code de sécurité de votre carte n'est pas valide.",
        incorrect_number: "Le numéro de votre carte est incorrect.",
        invalid_expiry_year: "L'année d'expiration de votre carte n'est pas valide.",
        invalid_expiry_month: "Le mois d'expiration de votre carte n'est pas valide.",
        processing_error:
            "Une erreur est survenue lors du traitement de votre carte. Réessayez.",
        payment_intent_authentication_failure:
            "Nous ne sommes pas parvenus à authentifier votre moyen de paiement. " +
            "Veuillez en choisir un autre et réessayer.",
        setup_intent_authentication_failure:
            "Nous ne sommes pas parvenus à authentifier votre moyen de paiement. " +
            "Veuillez en choisir un autre et réessayer.",
        incomplete: "Les informations de paiement sont incomplètes.",
        network: "Le paiement n'a pas pu être envoyé. Vérifiez votre connexion.",
    };
    const ENGLISH = {
        incomplete: "Your payment details are incomplete.",
        network: "The payment could not be sent. Check your connection.",
    };
    const LABELS = {
        number: ["Card number", "Numéro de carte"],
        expiry: ["Expiration (MM / YY)", "Expiration (MM / AA)"],
        cvc: ["Security code", "Code de sécurité"],
        iban: ["IBAN", "IBAN"],
        redirect: [
            "You will be sent to your bank's page.",
            "Vous serez redirigé vers la page de votre banque.",
        ],
        title: ["3-D Secure (simulated)", "3-D Secure (simulé)"],
        question: [
            "Your bank asks you to authorise this payment.",
            "Votre banque vous demande d'autoriser ce paiement.",
        ],
        accept: ["Authorise", "Autoriser"],
        refuse: ["Refuse", "Refuser"],
    };
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

    /** {card: {number: "1"}} → "card[number]=1", as Stripe.js posts it. */
    function encode(data, prefix = "", form = new URLSearchParams()) {
        for (const [key, value] of Object.entries(data)) {
            const name = prefix ? `${prefix}[${key}]` : key;
            if (value !== null && typeof value === "object") {
                encode(value, name, form);
            } else if (value !== null && value !== undefined && value !== "") {
                form.append(name, value);
            }
        }
        return form;
    }

    class Locale {
        constructor(name) {
            this.isFrench = (name || document.documentElement.lang || "").startsWith("fr");
        }

        label(name) {
            return LABELS[name][this.isFrench ? 1 : 0];
        }

        error(error) {
            const code = error.decline_code in FRENCH ? error.decline_code : error.code;
            const message = (this.isFrench ? FRENCH : ENGLISH)[code] || error.message;
            return { ...error, message };
        }
    }

    /** The calls that a publishable key may make. */
    class Api {
        constructor(key, options, locale) {
            this.key = key;
            this.version = options.apiVersion;
            this.locale = locale;
        }

        async post(path, data) {
            const body = encode({ ...data, key: this.key, _stripe_version: this.version });
            return this.answer(fetch(BASE + path, { method: "POST", body }));
        }

        async get(path, data) {
            const query = encode({ ...data, key: this.key, _stripe_version: this.version });
            return this.answer(fetch(`${BASE}${path}?${query}`));
        }

        async answer(request) {
            let body = null;
            try {
                body = await (await request).json();
            } catch {
                body = { error: { type: "api_connection_error", code: "network" } };
            }
            return body.error
                ? { error: this.locale.error(body.error) }
                : { object: body };
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
                this.node.append(
                    make("label", { class: wide }, locale.label(name), input)
                );
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
            const error = this.locale.error({ type: "validation_error", code: "incomplete" });
            this.element.showError(error.message);
            return { error };
        }
    }

    class PaymentRequest {
        on() {}

        update() {}

        /** No wallet here: the shop hides its express button. */
        async canMakePayment() {
            return null;
        }
    }

    class StandIn {
        constructor(key, options = {}) {
            this.locale = new Locale(options.locale);
            this.api = new Api(key, options, this.locale);
        }

        elements(options) {
            return new Elements(options, this.locale);
        }

        paymentRequest() {
            return new PaymentRequest();
        }

        async confirmPayment({ elements, clientSecret, confirmParams = {}, redirect }) {
            return this.confirm("payment", elements, clientSecret, confirmParams, redirect);
        }

        async confirmSetup({ elements, clientSecret, confirmParams = {}, redirect }) {
            return this.confirm("setup", elements, clientSecret, confirmParams, redirect);
        }

        async confirm(kind, elements, secret, params, redirect) {
            const { error: incomplete } = await elements.submit();
            if (incomplete) {
                return { error: incomplete };
            }
            const usage = elements.options.setupFutureUsage;
            const outcome = await this.send(kind, secret, {
                payment_method_data: elements.element.data(),
                return_url: params.return_url,
                ...(kind === "payment" && usage ? { setup_future_usage: usage } : {}),
            });
            if (outcome.error) {
                elements.element.showError(outcome.error.message);
                return { error: outcome.error };
            }
            if (redirect === "if_required") {
                return outcome;
            }
            this.goBack(kind, outcome[`${kind}Intent`], params.return_url);
            return new Promise(() => {}); // The page is being left.
        }

        async confirmCardPayment(secret, data = {}, options = {}) {
            return this.send("payment", secret, data, options.handleActions !== false);
        }

        async retrievePaymentIntent(secret) {
            const id = secret.split("_secret_")[0];
            const answer = await this.api.get(`/v1/payment_intents/${id}`, {
                client_secret: secret,
            });
            return { error: answer.error, paymentIntent: answer.object };
        }

        async createPaymentMethod({ elements }) {
            const answer = await this.api.post(
                "/v1/payment_methods",
                elements.element.data()
            );
            return { error: answer.error, paymentMethod: answer.object };
        }

        /** Confirm an intent, with the challenge if the bank asks for one. */
        async send(kind, secret, data, withActions = true) {
            const path = `/v1/${kind}_intents/${secret.split("_secret_")[0]}`;
            let answer = await this.api.post(`${path}/confirm`, {
                ...data,
                client_secret: secret,
                use_stripe_sdk: "true",
            });
            const action = answer.object?.next_action;
            if (action?.type === "redirect_to_url") {
                window.location = action.redirect_to_url.url;
                return new Promise(() => {}); // The page is being left.
            }
            if (action && withActions) {
                const success = await this.challenge(answer.object);
                answer = await this.api.post(`${path}/_authenticate`, {
                    client_secret: secret,
                    success: String(success),
                });
            }
            return { error: answer.error, [`${kind}Intent`]: answer.object };
        }

        goBack(kind, intent, returnUrl) {
            const url = new URL(returnUrl, window.location);
            const done = ["succeeded", "requires_capture"].includes(intent.status);
            url.searchParams.set(`${kind}_intent`, intent.id);
            url.searchParams.set(`${kind}_intent_client_secret`, intent.client_secret);
            url.searchParams.set("redirect_status", done ? "succeeded" : "pending");
            window.location = url;
        }

        /** The bank's question, over the page. Resolves with the buyer's answer. */
        challenge(intent) {
            addStyle();
            const amount = intent.amount
                ? `${(intent.amount / 100).toFixed(2)} ${intent.currency.toUpperCase()}`
                : "";
            const accept = make("button", { type: "button", name: "accept" });
            const refuse = make("button", { type: "button", name: "refuse" });
            accept.textContent = this.locale.label("accept");
            refuse.textContent = this.locale.label("refuse");
            const box = make(
                "div",
                { role: "dialog", "aria-modal": "true" },
                make("h2", {}, this.locale.label("title")),
                make("p", {}, this.locale.label("question")),
                make("p", {}, make("strong", {}, amount)),
                accept,
                refuse
            );
            const overlay = make("div", { class: "stripe-standin-challenge" }, box);
            document.body.append(overlay);
            accept.focus();
            return new Promise((resolve) => {
                for (const [button, answer] of [[accept, true], [refuse, false]]) {
                    button.addEventListener("click", () => {
                        overlay.remove();
                        resolve(answer);
                    });
                }
            });
        }
    }

    window.Stripe = (key, options) => new StandIn(key, options);
    window.Stripe.isStandIn = true;
})();
