// The one script. Every page works without it: it adds what a server cannot do while somebody types.
// It listens on the document, so that parts which htmx brings in later work as well.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const on = (kind, selector, act) =>
  document.addEventListener(kind, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });
const locale = document.documentElement.lang || "en";

// Tick boxes with data-amount (minor units) and data-label; the bar shows count, names and sum of those ticked.
function sumUp() {
  const bar = one(".bar.picking");
  if (!bar) return;
  const boxes = all("[data-amount]:not(:disabled)");
  const ticked = boxes.filter((box) => box.checked);
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: bar.dataset.currency });
  const digits = money.resolvedOptions().maximumFractionDigits;
  const sum = money.format(ticked.reduce((total, box) => total + Number(box.dataset.amount), 0) / 10 ** digits);
  const write = (name, text) => all(`[data-${name}]`, bar).forEach((spot) => { spot.textContent = text; });
  write("count", (ticked.length === 1 ? bar.dataset.one : bar.dataset.many).replace("%d", ticked.length));
  write("names", ticked.map((box) => box.dataset.label).join(", "));
  write("sum", sum);
  all("[data-act]", bar).forEach((act) => { act.textContent = act.dataset.act.replace("%s", sum); });
  all("[data-pick-all]").forEach((box) => {
    box.checked = ticked.length > 0 && ticked.length === boxes.length;
    box.indeterminate = ticked.length > 0 && !box.checked;
  });
}
on("change", "[data-amount]", sumUp);
on("change", "[data-pick-all]", (box) => {
  all("[data-amount]:not(:disabled)").forEach((each) => { each.checked = box.checked; });
  sumUp();
});
on("click", "[data-pick-none]", () => {
  all("[data-amount]").forEach((box) => { box.checked = false; });
  sumUp();
});

// A form with data-unsaved="id of its bar" counts what differs from data-saved, else from what the server sent.
const differs = (input) =>
  "saved" in input.dataset ? (input.type === "checkbox" ? String(input.checked) : input.value) !== input.dataset.saved
    : input.type === "checkbox" || input.type === "radio" ? input.checked !== input.defaultChecked
    : input.tagName === "SELECT" ? [...input.options].some((option) => option.selected !== option.defaultSelected)
      : input.type !== "hidden" && input.type !== "file" && input.value !== input.defaultValue;
function compare(form) {
  const bar = document.getElementById(form.dataset.unsaved);
  const changed = [...form.elements].filter((input) => input.name && differs(input));
  const groups = new Set(changed.map((input) => input.closest("[data-setting]") || input));
  all("[data-setting]", form).forEach((group) => {
    group.classList.toggle("unsaved", groups.has(group));
    all("[data-was]", group).forEach((was) => { was.hidden = !groups.has(group); });
  });
  all("[data-when]", document).forEach((line) => {
    const input = form.elements[line.dataset.when];
    line.hidden = !(input && differs(input) && (!line.dataset.is || String(input.checked) === line.dataset.is));
  });
  bar.classList.toggle("shown", groups.size > 0);
  one("[data-count]", bar).textContent = (groups.size === 1 ? bar.dataset.one : bar.dataset.many).replace("%d", groups.size);
  one("[data-names]", bar).textContent = [...groups]
    .map((group) => group.dataset?.setting || group.labels?.[0]?.textContent.trim() || group.name).join(", ");
  form.changed = groups.size > 0;
}
on("input", "form[data-unsaved]", compare);
on("reset", "form[data-unsaved]", (form) => setTimeout(() => compare(form)));
addEventListener("beforeunload", (event) => {
  if (all("form[data-unsaved]").some((form) => form.changed && !form.sending)) event.preventDefault();
});

// data-copy="id of what is copied"; the button says so for a moment.
on("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  const words = one("span", button) || button;
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => { words.textContent = before; }, 2000);
});

// data-open="id of a details": opens it and puts the cursor into its first field.
on("click", "[data-open]", (link, event) => {
  event.preventDefault();
  const details = document.getElementById(link.dataset.open);
  details.open = !details.open;
  if (details.open) one("input", details)?.focus();
});

// data-dialog="id": without the script the link leads to a page that asks the same.
on("click", "[data-dialog]", (link, event) => {
  event.preventDefault();
  document.getElementById(link.dataset.dialog).showModal();
});
on("click", "[data-close]", (button) => button.closest("dialog").close());
on("click", "dialog", (dialog, event) => { if (event.target === dialog) dialog.close(); });

// Menus close when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) =>
  all("details.menu[open]").forEach((menu) => { menu.open = menu.contains(event.target); }));
document.addEventListener("keydown", (event) => {
  const menu = one("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    one("summary", menu).focus();
  }
  if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]") && one("[data-slash]")) {
    event.preventDefault();
    one("[data-slash]").focus();
  }
});

// data-narrow="selector": hides what does not hold the typed words; data-nothing="id" is shown when nothing is left.
on("input", "[data-narrow]", (input) => {
  const words = input.value.toLocaleLowerCase(locale).split(/\s+/);
  const rows = all(input.dataset.narrow);
  rows.forEach((row) => {
    const text = `${row.textContent} ${row.dataset.words || ""}`.toLocaleLowerCase(locale);
    row.hidden = !words.every((word) => text.includes(word));
  });
  const nothing = document.getElementById(input.dataset.nothing);
  if (nothing) nothing.hidden = rows.some((row) => !row.hidden);
});

on("click", "[data-show]", (button) => {
  const input = document.getElementById(button.dataset.show);
  const words = button.textContent;
  input.type = input.type === "password" ? "text" : "password";
  button.textContent = button.dataset.hideLabel;
  button.dataset.hideLabel = words;
});
on("change", "form[data-auto] :is(select, input)", (input) => input.form.requestSubmit());
on("input", "textarea[maxlength]", (area) =>
  all(`[data-left="${area.id}"]`).forEach((spot) => { spot.textContent = area.value.length; }));

// One click is one request: the button waits, and is itself again when the page comes back from the cache.
on("submit", "form:not([data-again])", (form, event) => {
  if (form.method !== "post" || event.submitter?.formTarget === "_blank" || event.defaultPrevented) return;
  if (form.sending) return event.preventDefault();
  form.sending = true;
  event.submitter?.setAttribute("aria-busy", "true");
});
function rest() {
  all("form").forEach((form) => { form.sending = false; });
  all("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
addEventListener("pageshow", (event) => { if (event.persisted) rest(); });
document.addEventListener("htmx:afterRequest", rest);

const offline = () => { one("[data-offline]").hidden = navigator.onLine; };
["online", "offline"].forEach((kind) => addEventListener(kind, offline));

// data-wrap="strong" data-into="id" puts the selected words between tags; data-wrap="a" asks for nothing and leaves the address.
const wraps = { a: ['<a href="https://">', "</a>"], ul: ["<ul>\n<li>", "</li>\n</ul>"] };
on("click", "[data-wrap]", (button) => {
  const area = document.getElementById(button.dataset.into);
  const [before, after] = wraps[button.dataset.wrap] || [`<${button.dataset.wrap}>`, `</${button.dataset.wrap}>`];
  const { selectionStart: from, selectionEnd: to } = area;
  area.setRangeText(before + area.value.slice(from, to) + after, from, to, "end");
  area.focus();
  if (from === to) area.setSelectionRange(from + before.length, from + before.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

function begin(root = document) {
  sumUp();
  all("form[data-unsaved]").forEach(compare);
  one("[data-focus]", root)?.focus();
}
document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
offline();
begin();
