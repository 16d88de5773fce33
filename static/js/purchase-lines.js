/* Purchase lines as you type: each line's amount and the totals (whole grams and fen, half up), and another line
   without asking the server. Without this file the "add a line" button sends the form and the server adds it. */
"use strict";

(() => {
  const form = document.querySelector("form[data-purchase]");
  if (!form) return;
  const list = form.querySelector("[data-lines]");
  const most = Number(list.dataset.most);

  function whole(text, decimals) {
    const match = /^([0-9]{1,9})(?:\.([0-9]+))?$/.exec((text || "").trim());
    if (!match) return null;
    const fraction = (match[2] || "").replace(/0+$/, "");
    if (fraction.length > decimals) return null;
    return Number(match[1]) * 10 ** decimals + Number(fraction.padEnd(decimals, "0") || 0);
  }

  function amountOf(grams, price) {
    if (typeof BigInt === "function") {
      return Number((BigInt(2) * BigInt(grams) * BigInt(price) + BigInt(1000)) / BigInt(2000));
    }
    const product = 2 * grams * price;
    return Number.isSafeInteger(product) ? Math.floor((product + 1000) / 2000) : null;
  }

  /** As the pages write figures: thousands marks, and of a weight no noughts at the end. */
  function decimal(value, decimals, least) {
    const digits = String(value).padStart(decimals + 1, "0");
    const whole = digits.slice(0, -decimals).replace(/\B(?=([0-9]{3})+$)/g, ",");
    const rest = digits.slice(-decimals);
    const kept = rest.slice(0, least) + rest.slice(least).replace(/0+$/, "");
    return kept ? whole + "." + kept : whole;
  }

  function compute() {
    let grams = 0;
    let fen = 0;
    for (const line of list.querySelectorAll("[data-line]")) {
      const weight = whole(line.querySelector("[name$=net_grams]").value, 3);
      const price = whole(line.querySelector("[name$=price_fen_per_kg]").value, 2);
      const shown = line.querySelector("[data-line-amount]");
      const worth = weight === null || price === null ? null : amountOf(weight, price);
      shown.textContent = worth === null ? "–" : decimal(worth, 2, 2);
      grams += weight || 0;
      fen += worth || 0;
    }
    form.querySelector("[data-total-net]").textContent = decimal(grams, 3, 0);
    form.querySelector("[data-total-amount]").textContent = decimal(fen, 2, 2);
  }

  function addLine() {
    const lines = list.querySelectorAll("[data-line]");
    const last = lines[lines.length - 1];
    if (!last || lines.length >= most) return false;
    const added = last.cloneNode(true);
    const rename = (text) => text.replace(/lines-[0-9]+/, "lines-" + lines.length);
    for (const node of [added, ...added.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
        if (node.hasAttribute(name)) node.setAttribute(name, rename(node.getAttribute(name)));
      }
      node.removeAttribute("aria-invalid");
      node.removeAttribute("autofocus");
    }
    for (const error of added.querySelectorAll("[data-error], [data-scan-part], .field-error")) error.remove();
    for (const input of added.querySelectorAll("input")) input.value = "";
    const number = added.querySelector("[data-line-number]");
    if (number) number.textContent = String(lines.length + 1);
    list.append(added);
    const first = added.querySelector("input, select");
    if (first) first.focus();
    compute();
    return true;
  }

  const button = form.querySelector("button[name=add_line]");
  if (button) {
    button.addEventListener("click", (event) => {
      if (addLine()) event.preventDefault();
    });
  }
  form.addEventListener("input", compute);
  compute();
})();
