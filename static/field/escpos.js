/* The bytes of a receipt printer (ESC/POS, 58 mm: 384 dots). Figures are the printer's own big ones; words come as a
   picture, so that Chinese, Uyghur and Kyrgyz need no code page. Pictures are as small as what is in them: at 9,600 baud a line
   of the paper's whole width takes a twentieth of a second. */

import { qr } from "./qr.js";

export const DOTS = 384;
const LETTERS = 32; // of the printer's own in a line, 12 dots each
const MODULE = 4; // dots: half a millimetre, which a cheap phone reads at a hand's breadth
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

/** A picture: `width` and `height` in dots, at most `DOTS` wide, and whether a dot is `dark(x, y)`. */
export function raster({ width, height, dark }) {
  const across = Math.ceil(width / 8);
  const bits = new Array(across * height).fill(0);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (dark(x, y)) bits[y * across + (x >>> 3)] |= 0x80 >>> (x & 7);
  return [GS, 0x76, 0x30, 0, across & 0xff, across >>> 8, height & 0xff, height >>> 8, ...bits];
}

/** A QR code as a picture, so that a printer that draws none itself has it too; null where it is too long for one. */
export function code(said) {
  const rows = qr(said);
  return rows && { width: rows.length * MODULE, height: rows.length * MODULE, dark: (x, y) => rows[Math.floor(y / MODULE)][Math.floor(x / MODULE)] };
}

/** An address in lines of the printer's own letters, broken after a stroke where it can be. */
export function lines(said) {
  const found = [];
  for (let rest = said; rest; rest = rest.slice(found.at(-1).length)) {
    const stroke = rest.lastIndexOf("/", LETTERS - 1);
    found.push(rest.length <= LETTERS ? rest : rest.slice(0, stroke > 8 ? stroke + 1 : LETTERS));
  }
  return found;
}

/** Figures as large as they fit into a line. */
const big = (said) => text(said, Math.max(1, Math.min(3, Math.floor(LETTERS / said.length))));

const PLAIN = /^[ -~]*$/;

/** A whole receipt. `parts`: `{ kind: "big" | "text" | "qr", said }` or `{ kind: "words", said, size, rtl }`; `paint(part)` draws words. */
export function receipt(parts, paint) {
  const bytes = [...init()];
  for (const part of parts) {
    if (part.kind === "qr") {
      const picture = code(part.said);
      if (picture) bytes.push(...feed(1), ...raster(picture), ...feed(1));
      lines(part.said).forEach((each) => bytes.push(...text(each))); // to type where there is no camera
    } else if (part.kind === "big") bytes.push(...big(part.said));
    else if (part.kind === "text" && PLAIN.test(part.said)) bytes.push(...text(part.said));
    else bytes.push(...raster(paint(part)));
  }
  return Uint8Array.from([...bytes, ...feed(3), ...cut()]);
}
