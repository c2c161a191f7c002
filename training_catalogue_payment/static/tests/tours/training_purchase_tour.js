import { registry } from "@web/core/registry";

/** Fails the tour unless the page's total reads like this. */
function checkTotal(text, count) {
    return {
        content: `The total is ${text} for ${count} learner(s)`,
        trigger: `dd[data-total="total_text"]:contains("${text}")`,
        run() {
            const learners = document.querySelector(
                'dd[data-total="learners"]',
            ).textContent;
            if (learners.trim() !== String(count)) {
                throw new Error(`${count} learners expected, ${learners} shown`);
            }
        },
    };
}

registry.category("web_tour.tours").add("training_purchase_company", {
    steps: () => [
        {
            content: "Choose the session on the programme page",
            trigger: "a[name='training_buy']",
            run: "click",
            expectUnloadPage: true,
        },
        checkTotal("600.00", 1),
        {
            content: "Individuals cannot buy this session",
            trigger: "form:not(:has(input[name='buyer_kind'][value='individual']))",
        },
        {
            content: "Send the empty page",
            trigger: ".o_training_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The errors are told on top and beside the fields",
            trigger: ".o_training_errors a[href='#training_siret']",
        },
        { trigger: "#training_siret_note.invalid-feedback" },
        {
            content: "An association without SIRET gives its RNA",
            trigger: "#training_is_association",
            run: "click",
        },
        { trigger: ".o_training_rna:not(.d-none) #training_rna" },
        { trigger: "#training_is_association", run: "click" },
        {
            content: "A company of another country has no SIRET",
            trigger: "#training_country_code",
            run: "select BE",
        },
        { trigger: ".o_training_foreign:not(.d-none) #training_foreign_registry" },
        { trigger: ".o_training_siret:has(#training_siret:disabled):not(:visible)" },
        { trigger: "#training_country_code", run: "select FR" },
        { trigger: "#training_company_name", run: "edit Menuiserie Durand SARL" },
        { trigger: "#training_siret", run: "edit 732 829 320 00074" },
        { trigger: "#training_contact_name", run: "edit Claire Durand" },
        { trigger: "#training_email", run: "edit claire@durand.example.com" },
        { trigger: "#training_phone", run: "edit 01 23 45 67 89" },
        { trigger: "#training_street", run: "edit 1 rue de la Paix" },
        { trigger: "#training_zip", run: "edit 75002" },
        { trigger: "#training_city", run: "edit Paris" },
        {
            content: "Enrol three learners: three rows, three prices",
            trigger: "#training_learner_count",
            run: "edit 3",
        },
        checkTotal("1,800.00", 3),
        { trigger: "fieldset[data-number='3']:not(.d-none) #training_learner_3_name" },
        { trigger: "fieldset[data-number='4']:has(input:disabled):not(:visible)" },
        {
            content: "The contact is the first learner",
            trigger: "#training_buyer_is_learner",
            run: "click",
        },
        {
            trigger: "#training_learner_1_email[readonly]",
            run() {
                if (this.anchor.value !== "claire@durand.example.com") {
                    throw new Error(`The learner's e-mail is ${this.anchor.value}`);
                }
            },
        },
        { trigger: "#training_learner_2_name", run: "edit Bob Durand" },
        { trigger: "#training_learner_2_email", run: "edit bob@durand.example.com" },
        {
            content: "The third learner will be named later",
            trigger: "#training_learner_3_later",
            run: "click",
        },
        { trigger: "#training_learner_3_name:disabled" },
        {
            trigger: ".o_training_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The payment page shows the same total",
            trigger:
                "#amount_total_summary:contains('1,800.00'), tr[name='o_order_total']:contains('1,800.00')",
        },
    ],
});

registry.category("web_tour.tours").add("training_purchase_individual", {
    steps: () => [
        checkTotal("720.00", 1),
        {
            trigger: "input[name='buyer_kind'][value='individual']",
            run: "click",
        },
        {
            content: "No company is asked any more, and nothing of it is sent",
            trigger:
                "fieldset.o_training_company:has(#training_company_name:disabled):not(:visible)",
        },
        { trigger: "#training_individual_name", run: "edit Paul Martin" },
        { trigger: "#training_private_declaration", run: "click" },
        { trigger: "#training_email", run: "edit paul@martin.example.com" },
        { trigger: "#training_phone", run: "edit 06 12 34 56 78" },
        { trigger: "#training_street", run: "edit 2 rue Haute" },
        { trigger: "#training_zip", run: "edit 69001" },
        { trigger: "#training_city", run: "edit Lyon" },
        { trigger: "#training_buyer_is_learner", run: "click" },
        {
            trigger: ".o_training_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                "#amount_total_summary:contains('720.00'), tr[name='o_order_total']:contains('720.00')",
        },
    ],
});
