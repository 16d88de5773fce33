/* A photo of the scale: made small on the phone (and so without the place that a camera writes into it), kept until its
   slip is in the books, then sent after it. A photo is kept once, not twice as slips are: it proves, it does not count. */

import * as store from "./store.js";

const MOST_BYTES = 80 * 1024;
const SIDES = [1024, 800, 640, 480];
const QUALITIES = [0.75, 0.6, 0.45];

async function picture(file) {
  if ("createImageBitmap" in window) return createImageBitmap(file);
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

const asJpeg = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

/** A JPEG of at most 80 KB of what the camera gave; null where it gave no picture. */
export async function shrink(file) {
  const source = await picture(file).catch(() => null);
  if (!source) return null;
  const canvas = document.createElement("canvas");
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(source.width, source.height));
    canvas.width = Math.max(1, Math.round(source.width * scale));
    canvas.height = Math.max(1, Math.round(source.height * scale));
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await asJpeg(canvas, quality);
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
  }
  return null;
}

/** Keep a photo with its slip; false where it is no picture. */
export async function take(file, slip) {
  const blob = await shrink(file);
  if (!blob) return false;
  await store.keepPhoto({ id: slip.id, state: "waiting", taken: Date.now(), picture: await blob.arrayBuffer() });
  return true;
}

/** Send the photos whose slips are in the books. What the server will never take is kept no longer than the others. */
export async function sendPhotos(token) {
  const sent = new Set((await store.slips()).filter((slip) => slip.state === "sent").map((slip) => slip.id));
  for (const photo of await store.photos()) {
    if (photo.state !== "waiting" || !sent.has(photo.id)) continue;
    const answer = await fetch(`/api/v1/photos?weighing=${encodeURIComponent(photo.id)}`, {
      method: "POST", cache: "no-store", credentials: "omit", redirect: "error", body: photo.picture,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "image/jpeg", Accept: "application/json" },
    });
    const said = await answer.json(); // not JSON: not our server
    if (answer.ok && said.weighing === photo.id) await store.dropPhoto(photo.id);
    else if ([400, 404, 409, 413].includes(answer.status) && said.error) await store.keepPhoto({ ...photo, state: "refused" });
    else throw new Error(`HTTP ${answer.status}`);
  }
}
