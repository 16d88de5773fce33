/* A lot by the QR code on its label: beside every input[data-scan-lot] stands a button that opens the camera. Without a
   camera that reads codes, or without this file, the code is typed. */
"use strict";

(() => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  let stop = null;

  /** The lot's code in what a label says: the end of its address, or the code alone. */
  function codeIn(text) {
    const match = /\/lots\/(?:[^/]+\/)?([^/?#]+)\/?$/.exec(text.trim());
    const code = match ? decodeURIComponent(match[1]) : text.trim();
    return code.length > 0 && code.length <= 64 && !code.includes("://") ? code : null;
  }

  async function scan(button, input) {
    if (stop) return stop();
    const video = document.createElement("video");
    video.muted = true;
    video.setAttribute("playsinline", "");
    video.className = "camera";
    const word = button.textContent;
    let stream = null;
    let running = true;
    stop = () => { running = false; };
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      button.textContent = input.dataset.wordStop;
      button.closest(".field").append(video);
      video.srcObject = stream;
      await video.play();
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      while (running) {
        const seen = await detector.detect(video).catch(() => []);
        const code = seen.map((one) => codeIn(one.rawValue)).find(Boolean);
        if (code) {
          input.value = code;
          input.dispatchEvent(new Event("input", { bubbles: true }));
          break;
        }
        await new Promise((done) => setTimeout(done, 150));
      }
    } catch (_refused) {
      input.focus(); // no camera, or not allowed: the code is typed
    } finally {
      stop = null;
      button.textContent = word;
      video.remove();
      if (stream) stream.getTracks().forEach((track) => track.stop());
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
    button.textContent = input.dataset.wordScan;
    input.after(button);
  }
})();
