/* The weighing form as you type: net weight and amount by the same rule as the slip (whole grams and fen, half up),
   and names for the household box. Without this file the form works the same; the server computes and searches. */
"use strict";

(() => {
  const form = document.querySelector("form[data-weighing]");
  if (!form) return;

  const prices = JSON.parse(form.dataset.prices || "{}");
  const net = form.querySelector("[data-net]");
  const amount = form.querySelector("[data-amount]");
  const field = (name) => form.elements.namedItem(name);

  // A plain decimal as a whole number of its smallest unit, or null: "12.5" with 3 decimals is 12500.
  function whole(text, decimals) {
    const match = /^([0-9]{1,9})(?:\.([0-9]+))?$/.exec((text || "").trim());
    if (!match) return null;
    const fraction = (match[2] || "").replace(/0+$/, "");
    if (fraction.length > decimals) return null;
    return Number(match[1]) * 10 ** decimals + Number(fraction.padEnd(decimals, "0") || 0);
  }

  // Half up, exact where the product is: BigInt where the browser has it, else only below 2^53.
  function halfUp(a, b, divisor) {
    if (typeof BigInt === "function") {
      const two = BigInt(2);
      const over = BigInt(divisor);
      return Number((two * BigInt(a) * BigInt(b) + over) / (two * over));
    }
    const product = a * b;
    return Number.isSafeInteger(2 * product) ? Math.floor((2 * product + divisor) / (2 * divisor)) : null;
  }

  function decimal(value, decimals) {
    const digits = String(value).padStart(decimals + 1, "0");
    return digits.slice(0, -decimals) + "." + digits.slice(-decimals);
  }

  function priceOn(grade, day) {
    let found = null;
    for (const [from, price] of prices[grade] || []) {
      if (from <= day) found = price;
    }
    return found;
  }

  function compute() {
    const gross = whole(field("gross_grams").value, 3);
    const tare = whole(field("tare_grams").value || "0", 3);
    const deduction = whole(field("deduction_ppm").value || "0", 4);
    net.textContent = "–";
    if (amount) amount.textContent = "–";
    if (gross === null || tare === null || deduction === null) return;
    if (gross <= tare || deduction >= 1000000) return;
    const grams = halfUp(gross - tare, 1000000 - deduction, 1000000);
    if (grams === null) return;
    net.textContent = decimal(grams, 3);
    if (!amount) return;
    const price = priceOn(field("grade").value, (field("weighed_at").value || "").slice(0, 10));
    if (price === null) return;
    const fen = halfUp(grams, price, 1000);
    if (fen !== null) amount.textContent = decimal(fen, 2);
  }

  const kinds = form.querySelector("[data-tares]");
  if (kinds) {
    kinds.hidden = false;
    kinds.addEventListener("click", (event) => {
      const key = event.target.closest("[data-tare]");
      if (!key) return;
      field("tare_grams").value = key.dataset.tare;
      compute();
    });
  }

  form.addEventListener("input", compute);
  form.addEventListener("change", compute);
  compute();

  const household = field("household");
  const names = document.getElementById("household-names");
  let asked = "";
  let waiting = 0;

  async function suggest() {
    const text = household.value.trim();
    if (!text || text === asked) return;
    asked = text;
    try {
      const answer = await fetch(form.dataset.find + "?text=" + encodeURIComponent(text), {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok || text !== household.value.trim()) return;
      const found = (await answer.json()).households;
      names.replaceChildren(
        ...found.map((one) => {
          const option = document.createElement("option");
          option.value = one.code;
          option.textContent = one.name;
          return option;
        }),
      );
    } catch {
      asked = ""; // no signal: the server searches when the form is sent
    }
  }

  if (household && names && form.dataset.find) {
    household.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(suggest, 250);
    });
  }
})();
