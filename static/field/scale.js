/* What a scale says: lines of an indicator on a cable, or measurements of the Bluetooth weight scale service. Only a
   stable weight is ever taken, and each load once. */

import { decimal } from "./rules.js";

const STABLE_WORDS = new Set(["ST", "S", "SS", "SD"]);

/** How lines are to be read, from a sample such as `ST,GS,+ 12.345kg`; null where no weight stands in it.

    Where the sample begins with a word for "stable", lines with another one in its place (US, OL) are not; where it does
    not, `repeats` equal weights in a row are. What else stands before the number must stand in each line. */
export function pattern(sample) {
  const found = /^(.*?)([+-]?)(\s*)([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)/.exec(sample.trim());
  if (!found) return null;
  let before = found[1];
  const unit = (found[5] || "kg").toLowerCase();
  if (!["kg", "g"].includes(unit)) return null;
  const first = /^[A-Za-z]+/.exec(before)?.[0] || "";
  const stable = STABLE_WORDS.has(first.toUpperCase()) ? first.toUpperCase() : null;
  if (stable) before = before.slice(first.length);
  const literal = Array.from(before.replace(/\s+/g, ""), (letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s*");
  const source = `^\\s*${stable ? "([A-Za-z]+)" : "()"}\\s*${literal}\\s*([+-]?)\\s*([0-9]{1,7}(?:\\.[0-9]{1,6})?)\\s*${found[5] ? found[5] : "(?:kg)?"}(?![A-Za-z0-9])`;
  return { expression: new RegExp(source, "i"), stable, unit, repeats: stable ? 1 : 3 };
}

/** A line as `{ grams, stable }`, or null: not of this pattern, below nothing, or finer than a gram. */
export function readLine(line, how) {
  const found = how.expression.exec(line);
  if (!found || found[2] === "-") return null;
  const [whole, fraction = ""] = found[3].split(".");
  const digits = how.unit === "kg" ? 3 : 0;
  if (fraction.slice(digits).replace(/0+$/, "")) return null;
  const grams = Number(whole) * 10 ** digits + Number(fraction.slice(0, digits).padEnd(digits, "0") || 0);
  return { grams, stable: !how.stable || found[1].toUpperCase() === how.stable };
}

/** A weight measurement (0x2A9D) of the Bluetooth weight scale service as `{ grams, stable }`; null: it did not succeed. */
export function readMeasurement(view) {
  if (view.byteLength < 3) return null;
  const raw = view.getUint16(1, true);
  if (raw === 0xffff) return null;
  const grams = view.getUint8(0) & 1 ? Math.floor((raw * 45_359_237 + 5_000_000) / 10_000_000) : raw * 5; // 0.01 lb, or 0.005 kg
  return { grams, stable: true };
}

/** Whole lines out of chunks that are cut anywhere. A line without an end is dropped before it grows. */
export class Lines {
  #rest = "";

  push(chunk) {
    const found = (this.#rest + chunk).split(/[\r\n]+/);
    this.#rest = found.pop();
    if (this.#rest.length > 200) this.#rest = "";
    return found.filter(Boolean);
  }
}

/** What lies on the scale. A load that was kept is not offered again before half of it was lifted. */
export class Load {
  #repeats;
  #same = 0;
  #before = null;
  #kept = null;

  constructor(repeats = 1) {
    this.#repeats = repeats;
  }

  /** The weight in grams if it may be taken now, else null. */
  see({ grams, stable }) {
    this.#same = stable && grams === this.#before ? this.#same + 1 : stable ? 1 : 0;
    this.#before = grams;
    if (this.#kept !== null && grams * 2 < this.#kept) this.#kept = null;
    return this.#kept === null && grams > 0 && this.#same >= this.#repeats ? grams : null;
  }

  /** The weight that is on it now was kept. */
  keep() {
    this.#kept = this.#before;
  }
}

export const shown = (reading) => `${decimal(reading.grams, 3)} kg`;
