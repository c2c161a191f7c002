/* Stripe.js of the stand-in: what Odoo's payment form calls, no more. */

const { Api, Elements, Locale, addStyle, make } = window.stripeStandIn;

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
            elements.element.data(),
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
            ? this.locale.amount(intent.amount, intent.currency)
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
            refuse,
        );
        const overlay = make("div", { class: "stripe-standin-challenge" }, box);
        document.body.append(overlay);
        accept.focus();
        return new Promise((resolve) => {
            for (const [button, answer] of [
                [accept, true],
                [refuse, false],
            ]) {
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
