// The one script. Every page works without it; it adds what a server cannot do while somebody types.
// It listens on the document, so that parts which htmx brings in later work as well.
"use strict";

const page = document;
const all = (selector, root = page) => [...root.querySelectorAll(selector)];
const one = (selector, root = page) => root.querySelector(selector);
const byId = (id) => page.getElementById(id);
const on = (kind, selector, act) => page.addEventListener(kind, (event) => {
  const found = event.target.closest?.(selector);
  if (found) act(found, event);
});
const locale = page.documentElement.lang || "en";
const counted = (bar, n) => (n === 1 ? bar.dataset.one : bar.dataset.many).replace("%d", n);

// Boxes with data-amount (minor units) and data-label; the bar shows count, names and sum of those ticked.
const boxes = () => all("[data-amount]:enabled");
function sumUp() {
  const bar = one(".bar.picking");
  if (!bar) return;
  const ticked = boxes().filter((box) => box.checked);
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: bar.dataset.currency });
  const unit = 10 ** money.resolvedOptions().maximumFractionDigits;
  const sum = money.format(ticked.reduce((total, box) => total + Number(box.dataset.amount), 0) / unit);
  const write = (name, text) => all(`[data-${name}]`, bar).forEach((spot) => { spot.textContent = text; });
  write("count", counted(bar, ticked.length));
  write("names", ticked.map((box) => box.dataset.label).join(", "));
  write("sum", sum);
  all("[data-act]", bar).forEach((act) => { act.textContent = act.dataset.act.replace("%s", sum); });
  all("[data-pick-all]").forEach((box) => {
    box.checked = ticked.length > 0 && ticked.length === boxes().length;
    box.indeterminate = ticked.length > 0 && !box.checked;
  });
}
const pick = (checked) => {
  boxes().forEach((box) => { box.checked = checked; });
  sumUp();
};
on("change", "[data-amount]", sumUp);
on("change", "[data-pick-all]", (box) => pick(box.checked));
on("click", "[data-pick-none]", () => pick(false));

// form[data-unsaved="id of its bar"] counts what differs from what the server sent.
const differs = (input) =>
  /checkbox|radio/.test(input.type) ? input.checked !== input.defaultChecked
    : input.options ? [...input.options].some((option) => option.selected !== option.defaultSelected)
      : !/hidden|file/.test(input.type) && input.value !== input.defaultValue;
function compare(form) {
  const bar = byId(form.dataset.unsaved);
  const groups = new Set([...form.elements].filter((input) => input.name && differs(input))
    .map((input) => input.closest("[data-setting]") || input));
  all("[data-setting]", form).forEach((group) => {
    group.classList.toggle("unsaved", groups.has(group));
    all("[data-was]", group).forEach((was) => { was.hidden = !groups.has(group); });
  });
  all("[data-when]").forEach((line) => {
    const input = form.elements[line.dataset.when];
    line.hidden = !(input && differs(input) && [undefined, String(input.checked ?? input.value)].includes(line.dataset.is));
  });
  form.changed = groups.size > 0;
  bar.classList.toggle("shown", form.changed);
  one("[data-count]", bar).textContent = counted(bar, groups.size);
  one("[data-names]", bar).textContent = [...groups]
    .map((group) => group.dataset.setting || group.labels?.[0]?.textContent.trim() || group.name).join(", ");
}
on("input", "form[data-unsaved]", compare);
on("reset", "form[data-unsaved]", (form) => setTimeout(compare, 0, form));
addEventListener("beforeunload", (event) => {
  if (all("form[data-unsaved]").some((form) => form.changed && !form.sending)) event.preventDefault();
});

on("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(byId(button.dataset.copy).textContent.trim());
  const words = one("span", button) || button;
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => { words.textContent = before; }, 2000);
});

// Without the script the link leads to a page that asks the same.
on("click", "[data-dialog]", (link, event) => {
  event.preventDefault();
  byId(link.dataset.dialog).showModal();
});
on("click", "dialog, [data-close]", (found, event) => {
  if (found === event.target || found.matches("[data-close]")) found.closest("dialog").close();
});

on("click", "*", (target) => all("details.menu[open]").forEach((menu) => { menu.open = menu.contains(target); }));
page.addEventListener("keydown", (event) => {
  const menu = one("details.menu[open]");
  const search = one("[data-slash]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    one("summary", menu).focus();
  } else if (event.key === "/" && search && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    search.focus();
  }
});

// data-narrow="selector" hides what does not hold the typed words; data-nothing="id" shows when nothing is left.
on("input", "[data-narrow]", (input) => {
  const plain = (text) => text.toLocaleLowerCase(locale);
  const words = plain(input.value).split(/\s+/);
  const rows = all(input.dataset.narrow);
  rows.forEach((row) => {
    const text = plain(`${row.textContent} ${row.dataset.words}`);
    row.hidden = !words.every((word) => text.includes(word));
  });
  const nothing = byId(input.dataset.nothing);
  if (nothing) nothing.hidden = rows.some((row) => !row.hidden);
});

// data-sheet="/brand/000000.css" on a colour: the page wears it while somebody chooses.
let chosen;
on("input", "[data-sheet]", (input) => {
  clearTimeout(chosen);
  chosen = setTimeout(() => {
    const sheet = page.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = input.dataset.sheet.replace("000000", input.value.slice(1));
    sheet.onload = () => all("link[data-worn]").forEach((worn) => worn !== sheet && worn.remove());
    sheet.dataset.worn = "";
    page.head.append(sheet);
  }, 120);
});

on("click", "[data-print]", () => print());
on("click", "[data-show]", (button) => {
  const input = byId(button.dataset.show);
  input.type = input.type === "password" ? "text" : "password";
  [button.textContent, button.dataset.hideLabel] = [button.dataset.hideLabel, button.textContent];
});
on("change", "form[data-auto] :is(select, input)", (input) => input.form.requestSubmit());
on("input", "textarea", (area) => all(`[data-left="${area.id}"]`).forEach((spot) => { spot.textContent = area.value.length; }));

// One click is one request; the button is itself again when the page comes back from the cache.
on("submit", "form:not([data-again])", (form, event) => {
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.sending) return event.preventDefault();
  form.sending = true;
  event.submitter?.setAttribute("aria-busy", "true");
});
function rest() {
  all("form").forEach((form) => { form.sending = false; });
  all("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
addEventListener("pageshow", (event) => event.persisted && rest());
page.addEventListener("htmx:afterRequest", rest);

const offline = () => { one("[data-offline]").hidden = navigator.onLine; };
["online", "offline"].forEach((kind) => addEventListener(kind, offline));

function begin() {
  sumUp();
  all("form[data-unsaved]").forEach(compare);
}
page.addEventListener("htmx:afterSettle", begin);
offline();
begin();
one("[data-focus]")?.focus();
