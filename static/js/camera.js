/* Codes before the camera, for a household's card at the field and for a lot's label. A browser that reads codes by itself is
   asked first; an iPhone's, a computer's and that of a phone without its maker's services are not able to, and get a decoder
   once the camera is on. */

const LONGER_SIDE = 960; // of what the decoder is given, in dots
const PARTS = [1, 2 / 3]; // of the picture, in turn: all of it, and its middle larger, for a small code
const PAUSE_MS = 100;
const PATIENCE_MS = 90_000; // a camera that was forgotten empties the battery
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "busy", AbortError: "busy", TimeoutError: "unseen" };

/** Whether there may be a camera: over plain HTTP there is none. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** What an error of `look` means: "refused" by the user, "busy" with another program, "unseen" in all the time, or "none" at all. */
export const reasonOf = (error) => REASONS[error?.name] || "none";

/** Show the camera in `video` and look until `take(text)` makes something of a code that it sees, then that; undefined once `signal`
    is aborted or the page is hidden. The camera is off again in every case. Errors: see `reasonOf`. */
export async function look({ video, signal, take }) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  const end = Date.now() + PATIENCE_MS;
  try {
    Object.assign(video, { srcObject: stream, muted: true, hidden: false });
    const [find] = await Promise.all([finder(), video.play()]);
    while (!signal.aborted && !document.hidden) {
      for (const text of await find(video)) {
        const taken = take(text);
        if (taken !== undefined && taken !== null) return taken;
      }
      if (Date.now() > end) throw new DOMException("no code", "TimeoutError");
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    return undefined;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    Object.assign(video, { srcObject: null, hidden: true });
  }
}

/** `find(video)`: the texts of the codes in the picture that it shows now. */
async function finder() {
  const detector = await native();
  let decode = detector ? null : await decoder();
  return async (video) => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return [];
    if (decode) return decode(video);
    try {
      return (await detector.detect(video)).map((one) => one.rawValue);
    } catch {
      decode = await decoder(); // it is there by name, and the service behind it is not
      return [];
    }
  };
}

async function native() {
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

async function decoder() {
  const { decodeQR } = await import("../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let turn = 0;
  return (video) => {
    const sides = [video.videoWidth, video.videoHeight];
    const [width, height] = sides.map((side) => Math.max(1, Math.round((side * LONGER_SIDE) / Math.max(...sides))));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const part = PARTS[turn++ % PARTS.length];
    pen.drawImage(video, ...sides.map((side) => (side * (1 - part)) / 2), ...sides.map((side) => side * part), 0, 0, width, height);
    try {
      return [decodeQR(pen.getImageData(0, 0, width, height))];
    } catch {
      return []; // no code, or not all of it
    }
  };
}
