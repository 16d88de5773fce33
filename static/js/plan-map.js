// Lets a map of land be enlarged and moved: buttons, wheel with Ctrl, drag, two fingers. The map shows without it as well.
"use strict";
(() => {
  const LARGEST = 24;
  document.querySelectorAll("[data-land]").forEach((figure) => {
    const svg = figure.querySelector("svg");
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const view = { x: 0, y: 0, scale: 1 };
    const pointers = new Map();

    const show = () => {
      const w = width / view.scale, h = height / view.scale;
      view.x = Math.min(Math.max(view.x, 0), width - w);
      view.y = Math.min(Math.max(view.y, 0), height - h);
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
      figure.classList.toggle("land-moving", view.scale > 1);
    };
    const place = (clientX, clientY) => {
      const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [point.x, point.y];
    };
    const zoom = (factor, at) => {
      const scale = Math.min(Math.max(view.scale * factor, 1), LARGEST);
      const [x, y] = at || [view.x + width / view.scale / 2, view.y + height / view.scale / 2];
      view.x = x - (x - view.x) * view.scale / scale;
      view.y = y - (y - view.y) * view.scale / scale;
      view.scale = scale;
      show();
    };

    const tools = document.createElement("div");
    tools.className = "land-tools";
    [["+", figure.dataset.wordIn, () => zoom(1.6)], ["−", figure.dataset.wordOut, () => zoom(1 / 1.6)], ["⤢", figure.dataset.wordAll, () => zoom(0)]]
      .forEach(([sign, word, act]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = sign;
        button.title = word;
        button.setAttribute("aria-label", word);
        button.addEventListener("click", act);
        tools.append(button);
      });
    figure.prepend(tools);

    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && view.scale === 1) return; // a page that scrolls must not be caught by a map
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, place(event.clientX, event.clientY));
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => {
      if (view.scale > 1 || pointers.size) svg.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, event);
    });
    svg.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      if (pointers.size === 2) {
        const other = [...pointers.values()].find((one) => one.pointerId !== event.pointerId);
        const far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
        zoom(far(event) / far(before), place((event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2));
      } else if (view.scale > 1) {
        const [x0, y0] = place(before.clientX, before.clientY), [x1, y1] = place(event.clientX, event.clientY);
        view.x -= x1 - x0;
        view.y -= y1 - y0;
        show();
      }
      pointers.set(event.pointerId, event);
    });
    ["pointerup", "pointercancel", "pointerleave"].forEach((kind) => svg.addEventListener(kind, (event) => pointers.delete(event.pointerId)));
  });
})();
