/* The calls that a browser makes. */

const BASE = new URL(document.currentScript.src).origin;

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

/** The calls that a publishable key may make. */
window.stripeStandIn.Api = class {
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
        return body.error ? { error: this.locale.error(body.error) } : { object: body };
    }
};
