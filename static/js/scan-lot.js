/* A lot by the QR code on its label: beside every input[data-scan-lot] stands a button that opens the camera. Without a
   camera, or without this file, the code is typed. */
"use strict";

(() => {
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const words = document.currentScript.dataset;
  const FAULTS = { refused: "wordRefused", busy: "wordBusy", unseen: "wordUnseen", none: "wordNone" };
  let open = null;

  /** The lot's code in what a label says: the end of its address, or the code alone. */
  function codeIn(text) {
    const match = /\/lots\/(?:[^/]+\/)?([^/?#]+)\/?$/.exec(text.trim());
    const code = match ? decodeURIComponent(match[1]) : text.trim();
    return code.length > 0 && code.length <= 64 && !code.includes("://") ? code : null;
  }

  /** A video and a line below the field, for as long as somebody looks; the line stays while there is something to say. */
  function place(button) {
    const field = button.closest(".field");
    for (const old of field.querySelectorAll("[data-scan-part]")) old.remove();
    const video = document.createElement("video");
    video.className = "camera";
    video.setAttribute("playsinline", "");
    const said = document.createElement("p");
    said.className = "quiet";
    said.setAttribute("role", "status");
    for (const part of [video, said]) part.dataset.scanPart = "";
    field.append(video, said);
    return { video, said };
  }

  async function scan(button, input) {
    if (open) return open.abort();
    open = new AbortController();
    const { video, said } = place(button);
    const word = button.textContent;
    button.textContent = words.wordStop;
    let camera = null;
    try {
      camera = await import("./camera.js");
      const code = await camera.look({
        video,
        signal: open.signal,
        take(text) {
          const found = codeIn(text);
          said.textContent = found ? "" : words.wordForeign;
          return found;
        },
      });
      if (code) {
        input.value = code;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } catch (error) {
      said.textContent = words[FAULTS[camera ? camera.reasonOf(error) : "none"]];
      input.focus(); // the code is typed
    } finally {
      open = null;
      button.textContent = word;
      video.remove();
      if (!said.textContent) said.remove();
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scan-button]");
    if (button) scan(button, button.parentElement.querySelector("[data-scan-lot]"));
  });
  for (const input of document.querySelectorAll("[data-scan-lot]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.scanButton = "";
    button.textContent = words.wordScan;
    input.after(button);
  }
})();
