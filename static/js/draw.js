// The draw, one household at a time, in big letters. Without JavaScript the list stands there as a whole.
"use strict";
(() => {
  const draw = document.querySelector("[data-draw]");
  if (!draw) return;
  const items = [...draw.querySelectorAll(".draw-item")];
  const words = draw.dataset;
  const PAUSE_MS = 2500;
  // How far the villagers have seen: a page that is loaded again, or come back to, goes on there.
  const KEPT = `draw:${location.pathname}${location.search}`;
  const read = () => { try { return Number(sessionStorage.getItem(KEPT)) || 0; } catch { return 0; } };
  const keep = () => { try { sessionStorage.setItem(KEPT, String(shown)); } catch { /* a browser that keeps nothing */ } };
  let shown = Math.min(read(), items.length), timer = null;

  const tools = document.createElement("div");
  tools.className = "draw-tools";
  const make = (word, kind, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button ${kind}`;
    button.textContent = word;
    button.addEventListener("click", act);
    tools.append(button);
    return button;
  };
  const count = document.createElement("span");
  count.className = "draw-count";
  count.setAttribute("role", "status");

  const stop = () => { window.clearInterval(timer); timer = null; run.textContent = words.wordRun; };
  // The list's own pages would show in advance what is still to be drawn.
  const pager = document.querySelector(".pager");
  const update = () => {
    if (pager) pager.hidden = shown < items.length;
    items.forEach((item, index) => {
      item.hidden = index >= shown;
      item.classList.toggle("draw-now", index === shown - 1 && shown < items.length + 1 && !draw.dataset.whole);
    });
    count.textContent = `${shown} / ${items.length}`;
    keep();
    const over = shown >= items.length;
    next.disabled = run.disabled = all.disabled = over;
    if (over) {
      stop();
      if (words.next && !draw.querySelector("[data-page]")) {
        const link = document.createElement("a");
        link.className = "button button-primary";
        link.href = words.next;
        link.dataset.page = "";
        link.textContent = words.wordPage;
        tools.append(link);
      }
    }
  };
  const step = () => {
    shown = Math.min(shown + 1, items.length);
    update();
    if (shown) items[shown - 1].scrollIntoView({ block: "center", behavior: "smooth" });
  };

  const next = make(words.wordNext, "button-primary button-large", () => { stop(); step(); });
  const run = make(words.wordRun, "", () => {
    if (timer) { stop(); return; }
    run.textContent = words.wordStop;
    step();
    timer = window.setInterval(step, PAUSE_MS);
  });
  const all = make(words.wordAll, "", () => { stop(); shown = items.length; draw.dataset.whole = "yes"; update(); });
  tools.append(count);
  draw.prepend(tools);
  update();
})();
