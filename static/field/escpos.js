/* The bytes of a receipt printer (ESC/POS, 58 mm: 384 dots). Figures are the printer's own big ones; words come as a
   picture, so that Chinese, Uyghur and Kyrgyz need no code page. */

export const DOTS = 384;
const [ESC, GS, LF] = [0x1b, 0x1d, 0x0a];

export const init = () => [ESC, 0x40, ESC, 0x61, 1]; // as new, centred
export const feed = (lines = 1) => [ESC, 0x64, lines];
export const cut = () => [GS, 0x56, 0x42, 0];

/** Plain ASCII, `size` 1 to 8 times as wide and high; what is no ASCII becomes a question mark. */
export function text(said, size = 1) {
  const scale = (size - 1) * 0x11;
  const bytes = Array.from(said, (letter) => (letter >= " " && letter <= "~" ? letter.charCodeAt(0) : 0x3f));
  return [GS, 0x21, scale, ...bytes, LF, GS, 0x21, 0];
}

/** A QR code that the printer draws itself (model 2, level M). */
export function qr(said, module = 5) {
  const data = Array.from(new TextEncoder().encode(said));
  const length = data.length + 3;
  const call = (...rest) => [GS, 0x28, 0x6b, ...rest];
  return [
    ...call(4, 0, 0x31, 0x41, 0x32, 0), ...call(3, 0, 0x31, 0x43, module), ...call(3, 0, 0x31, 0x45, 0x31),
    ...call(length & 0xff, length >>> 8, 0x31, 0x50, 0x30, ...data), ...call(3, 0, 0x31, 0x51, 0x30),
  ];
}

/** A picture of one bit a dot: `rgba` as a canvas gives it; dark is what is darker than half, on white. */
export function raster({ rgba, width, height }) {
  const across = Math.ceil(width / 8);
  const bits = new Array(across * height).fill(0);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const at = (y * width + x) * 4;
    const light = 255 - ((255 - (rgba[at] * 299 + rgba[at + 1] * 587 + rgba[at + 2] * 114) / 1000) * rgba[at + 3]) / 255;
    if (light < 128) bits[y * across + (x >>> 3)] |= 0x80 >>> (x & 7);
  }
  return [GS, 0x76, 0x30, 0, across & 0xff, across >>> 8, height & 0xff, height >>> 8, ...bits];
}

/** A whole receipt. `parts`: `{ kind: "big" | "text" | "qr", said }` or `{ kind: "words", said, size, rtl }`; `paint(part)` draws words. */
export function receipt(parts, paint) {
  const bytes = [...init()];
  for (const part of parts) {
    if (part.kind === "qr") bytes.push(...qr(part.said), ...feed(1), ...text(part.said)); // to type where there is no camera
    else if (part.kind === "big") bytes.push(...text(part.said, part.said.length > 12 ? 2 : 3));
    else if (part.kind === "text") bytes.push(...text(part.said));
    else bytes.push(...raster(paint(part)));
  }
  return Uint8Array.from([...bytes, ...feed(3), ...cut()]);
}
