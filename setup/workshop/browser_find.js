// Finds one element of the page and does something with it. Returns {found, value}, or
// {found: false, reason} for the caller to try again until its time is out.
(target, action, argument) => {
    const miss = (reason) => ({ found: false, reason });
    const isSeen = (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        element.getClientRects().length > 0;
    const says = (element, words) =>
        [element.innerText, element.value, element.ariaLabel].some(
            (said) => said && said.replace(/\s+/g, " ").trim().includes(words),
        );
    // The innermost one: a page's body says everything.
    const bySaying = (words) =>
        [...document.querySelectorAll("body *")]
            .filter((element) => says(element, words) && isSeen(element))
            .filter((element, _index, all) =>
                all.every((other) => other === element || !element.contains(other)),
            );
    const candidates = target.startsWith("text=")
        ? bySaying(target.slice("text=".length))
        : [...document.querySelectorAll(target)];
    if (!candidates.length) {
        return miss("not in the page");
    }
    const element = candidates.find(isSeen);
    if (action === "text") {
        return { found: true, value: candidates[0].innerText };
    }
    if (!element) {
        return miss("in the page but not seen");
    }
    if (action === "see") {
        return { found: true, value: true };
    }
    if (action === "select") {
        element.select?.();
        return { found: true, value: true };
    }
    if (action === "choose") {
        const option = [...element.options].find((line) =>
            line.text.includes(argument),
        );
        if (!option) {
            return miss(`no line says ${argument}`);
        }
        element.value = option.value;
        element.dispatchEvent(new Event("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
        return { found: true, value: option.text };
    }
    element.scrollIntoView({ block: "center", behavior: "instant" });
    if (element.disabled) {
        return miss("disabled");
    }
    const box = element.getClientRects()[0];
    const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const top = document.elementFromPoint(place.x, place.y);
    const isOwn =
        top &&
        (element.contains(top) ||
            top.contains(element) ||
            (element.labels &&
                [...element.labels].some((label) => label.contains(top))));
    if (!isOwn) {
        return miss(`covered by ${top ? top.outerHTML.slice(0, 80) : "nothing"}`);
    }
    return { found: true, value: place };
};
