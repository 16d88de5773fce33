// What every page gains from JavaScript; without it all pages still work.
"use strict";
(() => {
  // After a refused form the reader starts at the first wrong field, or at the list of what to mend. A page that is shown
  // again in an old browser does not always heed autofocus.
  const errors = document.querySelector("[data-errors]");
  if (errors) (document.querySelector("[aria-invalid][autofocus]") ?? errors).focus();

  // Menus close on Escape, on a click elsewhere, and when another one opens.
  const menus = [...document.querySelectorAll("details[data-menu]")];
  const closeAll = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });
  menus.forEach((menu) => menu.addEventListener("toggle", () => { if (menu.open) closeAll(menu); }));
  document.addEventListener("click", (event) => closeAll(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = menus.find((menu) => menu.open);
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // On a phone the current section of each row is scrolled into its strip.
  document.querySelectorAll(".sections [aria-current]").forEach((here) => {
    const strip = here.closest("ul");
    strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - 24;
  });

  // A second click on a sent form would send it twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // Work beside the requests: only the progress is taken from the page that would come anew, and each quarter is said aloud.
  // Once there is none to take the work is over, or the sign-in is.
  const waiting = document.querySelector("[data-look-again]");
  let quarter = 0;
  async function look() {
    try {
      const answer = await fetch(window.location.href);
      if (answer.status < 500) {
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-look-again] .progress");
        if (!found) return window.location.reload();
        waiting.querySelector(".progress").replaceWith(found);
        const { value, max } = found.querySelector("progress");
        if (Math.floor(4 * value / max) > quarter) waiting.querySelector("[role=status]").textContent = found.querySelector(".progress-words").textContent;
        quarter = Math.floor(4 * value / max);
      }
    } catch { /* no signal: later */ }
    window.setTimeout(look, 2000);
  }
  if (waiting) window.setTimeout(look, 2000);

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
})();
