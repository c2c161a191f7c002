/* Words of the form, in English and in French. */

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
window.stripeStandIn = {};

window.stripeStandIn.Locale = class {
    constructor(name) {
        this.isFrench = (name || document.documentElement.lang || "").startsWith("fr");
    }

    label(name) {
        return LABELS[name][this.isFrench ? 1 : 0];
    }

    amount(minorUnits, currency) {
        const style = { style: "currency", currency: currency.toUpperCase() };
        const format = new Intl.NumberFormat(this.isFrench ? "fr-FR" : "en-GB", style);
        return format.format(minorUnits / 100);
    }

    error(error) {
        const code = error.decline_code in FRENCH ? error.decline_code : error.code;
        const message = (this.isFrench ? FRENCH : ENGLISH)[code] || error.message;
        return { ...error, message };
    }
};
