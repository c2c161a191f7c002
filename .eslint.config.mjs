// Rules for the addons' own JavaScript: what Odoo's module loader runs in a browser.
const browserGlobals = [
    "clearTimeout",
    "console",
    "document",
    "Event",
    "fetch",
    "FormData",
    "setTimeout",
    "URL",
    "URLSearchParams",
    "window",
];

export default [
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: Object.fromEntries(
                browserGlobals.map((name) => [name, "readonly"]),
            ),
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            "consistent-return": "error",
            "constructor-super": "error",
            curly: "error",
            eqeqeq: "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-keys": "error",
            "no-eval": "error",
            "no-redeclare": "error",
            "no-shadow": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unsafe-finally": "error",
            "no-unused-vars": "error",
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];
