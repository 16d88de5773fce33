/* Weighings from paper, by keyboard: Enter goes to the next line and takes along what stays the same; net weights, names, twins
   and sums appear as you type, by the rules of the books (field/rules.js). Without this file the page checks when it is sent. */
import { decimal, netGrams, whole } from "../field/rules.js";

const form = document.querySelector("form[data-paper]");
const body = form.querySelector("[data-line]").parentElement;
const save = form.querySelector("button[name=save]");
const most = Number(form.dataset.most);
const CARRIED = ["grade", "tare_grams", "day"];
const OWN = ["household", "gross_grams", "deduction_ppm", "slip", "impurity_ppm", "moisture_ppm"];
const known = new Map(); // what was typed for a household: its code and name, or null where nobody has it

const lines = () => [...body.querySelectorAll("[data-line]")];
const fields = new WeakMap(); // per line its fields by name: a hundred lines are read at each key
const field = (line, name) => {
  if (!fields.has(line)) {
    const named = [...line.querySelectorAll("[name]")].map((one) => [one.name.replace(/^lines-\d+-/, ""), one]);
    fields.set(line, Object.fromEntries(named));
  }
  return fields.get(line)[name];
};
const text = (line, name) => field(line, name).value.trim().normalize("NFKC");
const isBlank = (line) => OWN.every((name) => !text(line, name));
const grouped = (grams) => decimal(grams, 3).replace(/\B(?=(\d{3})+\.)/g, ",");

function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

// Every line that was begun, with what it takes from the one above, as the server reads it.
function read() {
  const above = {};
  return lines().filter((line) => !isBlank(line)).map((line) => {
    for (const name of CARRIED) above[name] = text(line, name) || above[name] || "";
    const gross = whole(text(line, "gross_grams"), 3);
    const tare = whole(above.tare_grams, 3);
    const deduction = whole(text(line, "deduction_ppm") || "0", 4);
    const net = deduction === null || deduction >= 1000000 ? null : netGrams(gross, tare, deduction);
    const typed = text(line, "household");
    const who = known.get(typed)?.code || typed;
    const key = who && net !== null && above.grade && above.day ? JSON.stringify([who, above.grade, gross - tare, above.day]) : null;
    return { line, gross, net, key, grade: above.grade };
  });
}

function compute() {
  const sums = new Map();
  const seen = new Map();
  for (const line of lines()) if (isBlank(line)) say(line.querySelector("[data-net]"), "–");
  for (const { line, gross, net, key, grade } of read()) {
    say(line.querySelector("[data-net]"), net === null ? "–" : grouped(net));
    const number = line.querySelector("[data-line-number]").textContent;
    if (key !== null && seen.has(key)) ask(line, seen.get(key));
    else forget(line);
    if (key !== null && !seen.has(key)) seen.set(key, number);
    if (net === null) continue;
    const sum = sums.get(grade) || [0, 0, 0];
    sums.set(grade, [sum[0] + 1, sum[1] + gross, sum[2] + net]);
  }
  showSums([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function ask(line, above) {
  const box = line.querySelector("[data-again]");
  box.hidden = false;
  box.dataset.live = "yes";
  say(box.querySelector("[data-twin-of]"), form.dataset.twin.replace("#", above));
}

// Only what was asked here: a slip in the books is the server's question and stays until it is answered.
function forget(line) {
  const box = line.querySelector("[data-again]");
  if (!box.dataset.live) return;
  delete box.dataset.live;
  box.hidden = true;
  box.querySelector("input").checked = false;
  say(box.querySelector("[data-twin-of]"), "");
}

function showSums(sums) {
  const table = form.querySelector("[data-totals] tbody");
  const total = table.lastElementChild;
  const all = sums.reduce((sum, [, one]) => sum.map((value, place) => value + one[place]), [0, 0, 0]);
  const fill = (row, name, [count, gross, net]) => {
    if (name !== null) say(row.children[0], name);
    [String(count), grouped(gross), grouped(net)].forEach((figure, place) => say(row.children[place + 1], figure));
    return row;
  };
  while (table.children.length > sums.length + 1) table.firstElementChild.remove();
  while (table.children.length < sums.length + 1) table.prepend(total.cloneNode(true));
  sums.forEach(([grade, sum], place) => fill(table.children[place], grade, sum));
  fill(total, null, all);
}

function addLine() {
  const all = lines();
  if (all.length >= most) return null;
  const added = all[all.length - 1].cloneNode(true);
  for (const node of added.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace(/^lines-[0-9]+/, `lines-${all.length}`));
    }
    if (node.hasAttribute("aria-label")) node.setAttribute("aria-label", node.getAttribute("aria-label").replace(/[0-9]+/, all.length + 1));
    node.removeAttribute("aria-invalid");
  }
  for (const error of added.querySelectorAll("p.field-error")) error.remove();
  for (const input of added.querySelectorAll("input:not([type=checkbox]), select")) input.value = "";
  const box = added.querySelector("[data-again]");
  box.dataset.live = "yes";
  added.querySelector("[data-line-number]").textContent = String(all.length + 1);
  forget(added);
  say(added.querySelector("[data-name]"), "");
  body.append(added);
  return added;
}

function enter(line) {
  const next = line.nextElementSibling || addLine();
  if (isBlank(line) || !next) {
    save.focus();
    return;
  }
  for (const name of CARRIED) {
    if (isBlank(next) && !text(next, name)) field(next, name).value = field(line, name).value || effective(line, name);
  }
  field(next, text(line, "slip") ? "slip" : "household").focus();
  compute();
}

function effective(line, name) {
  let above = line;
  while (above && !text(above, name)) above = above.previousElementSibling;
  return above ? field(above, name).value : "";
}

async function name(line) {
  const typed = text(line, "household");
  const shown = line.querySelector("[data-name]");
  if (!typed) return say(shown, "");
  if (!known.has(typed)) {
    try {
      const answer = await fetch(`${form.dataset.find}?text=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) return;
      const found = (await answer.json()).households;
      const fold = typed.toLowerCase();
      const same = found.filter((one) => one.code === typed);
      const exact = same.length ? same : found.filter((one) => [one.code.toLowerCase(), one.name.toLowerCase()].includes(fold));
      known.set(typed, exact.length === 1 ? exact[0] : { code: "", others: found.slice(0, 3).map((one) => `${one.code} ${one.name}`) });
    } catch {
      return; // no signal: the server looks when the page is sent
    }
  }
  for (const one of lines().filter((each) => text(each, "household") === typed)) {
    const who = known.get(typed);
    const hint = one.querySelector("[data-name]");
    hint.classList.toggle("is-unknown", !who.code);
    say(hint, who.code ? `${who.code} ${who.name}` : who.others.length ? `${who.others.join(" · ")} ?` : form.dataset.nobody);
  }
  compute();
}

form.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-line]");
  if (!line || event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.ctrlKey) save.focus();
    else if (event.shiftKey) line.previousElementSibling?.querySelector(`[name$="${event.target.name.replace(/^lines-[0-9]+/, "")}"]`)?.focus();
    else enter(line);
  } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && event.target.tagName === "INPUT") {
    const beside = event.key === "ArrowUp" ? line.previousElementSibling : line.nextElementSibling;
    if (!beside) return;
    event.preventDefault();
    field(beside, event.target.name.replace(/^lines-[0-9]+-/, "")).focus();
  }
});

form.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-line] input:not([type=checkbox])")) event.target.select();
});

form.addEventListener("input", compute);
form.addEventListener("change", (event) => {
  const line = event.target.closest("[data-line]");
  if (line && event.target === field(line, "household")) name(line);
});

form.querySelector("button[name=more_lines]").addEventListener("click", (event) => {
  const added = addLine();
  if (!added) return;
  event.preventDefault();
  field(added, "household").focus();
});

// A closed window would lose a page of typing.
let sending = false;
form.addEventListener("submit", () => { sending = true; });
window.addEventListener("beforeunload", (event) => {
  if (!sending && !lines().every(isBlank)) event.preventDefault();
});

for (const line of lines()) {
  const isTold = line.querySelector("[data-name]").textContent.trim() || field(line, "household").hasAttribute("aria-invalid");
  if (text(line, "household") && !isTold) name(line);
}
compute();
if (save.autofocus) save.focus();
else if (!document.querySelector("[data-errors]")) field(lines()[0], "household").focus();
