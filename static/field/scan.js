/* A household by the QR code on its card: the camera looks until it sees one that is known here, or is told to stop. */

import { $, state } from "./state.js";

/** Whether this browser can read codes with a camera. */
export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

/** The household's code in what a card says: the address that signs it in, or the code alone. Null: nobody's here. */
export function codeIn(text) {
  let code = text.trim();
  try {
    code = new URL(code).searchParams.get("name") || code;
  } catch {
    // It is no address; then it is a code or nothing.
  }
  return state.reference?.households.some(([one]) => one === code) ? code : null;
}

let stop = null;

/** Open the camera; the code of the first card that is known, or null when it was stopped. A second call stops it. */
export async function scan() {
  if (stop) return stop();
  const video = $("camera");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let running = true;
  stop = () => { running = false; };
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (running) {
      const seen = await detector.detect(video).catch(() => []);
      const code = seen.map((one) => codeIn(one.rawValue)).find(Boolean);
      if (code) return code;
      await new Promise((done) => setTimeout(done, 150));
    }
    return null;
  } finally {
    stop = null;
    video.hidden = true;
    video.srcObject = null;
    stream.getTracks().forEach((track) => track.stop());
  }
}
