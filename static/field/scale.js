/* What a scale says: lines of an indicator on a cable, or measurements of the Bluetooth weight scale service. Only a
   stable weight is ever taken, and each load once. */

import { halfUp } from "./rules.js";

/* Grams in 100,000 of a unit; a jin is half a kilogram. Only a pound is no whole number of grams: it is rounded, half up. */
const UNITS = { kg: 100_000_000, g: 100_000, jin: 50_000_000, lb: 45_359_237, lbs: 45_359_237 };
const STABLE_WORDS = new Set(["ST", "S", "SS", "SD"]);

/** How lines are to be read, from a sample such as `ST,GS,+ 12.345kg`; null where no weight stands in it.

    Where the sample begins with a word for "stable", lines with another one in its place (US, OL) are not; where it does
    not, `repeats` equal weights in a row are. What else stands before the number must stand in each line. */
export function pattern(sample) {
  const found = /^(.*?)([+-]?)(\s*)([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)/.exec(sample.trim());
  if (!found) return null;
  let before = found[1];
  const unit = (found[5] || "kg").toLowerCase();
  if (!(unit in UNITS)) return null;
  const first = /^[A-Za-z]+/.exec(before)?.[0] || "";
  const stable = STABLE_WORDS.has(first.toUpperCase()) ? first.toUpperCase() : null;
  if (stable) before = before.slice(first.length);
  const literal = Array.from(before.replace(/\s+/g, ""), (letter) => letter.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s*");
  const source = `^\\s*${stable ? "([A-Za-z]+)" : "()"}\\s*${literal}\\s*([+-]?)\\s*([0-9]{1,7}(?:\\.[0-9]{1,6})?)\\s*${found[5] ? found[5] : "(?:kg)?"}(?![A-Za-z0-9])`;
  return { expression: new RegExp(source, "i"), stable, unit, repeats: stable ? 1 : 3 };
}

/** A line as `{ grams, stable, width }`, or null: not of this pattern, or finer than a gram. */
export function readLine(line, how) {
  const found = how.expression.exec(line);
  if (!found) return null;
  const [whole, fraction = ""] = found[3].split(".");
  const [raw, below] = [Number(whole + fraction), 10 ** (fraction.length + 5)];
  const grams = halfUp(raw, UNITS[how.unit], below);
  if (!how.unit.startsWith("lb") && BigInt(grams) * BigInt(below) !== BigInt(raw) * BigInt(UNITS[how.unit])) return null;
  return { grams: found[2] === "-" ? -grams : grams, stable: !how.stable || found[1].toUpperCase() === how.stable, width: line.length };
}

const IMPERIAL = 1;
const MORE = [[2, 7], [4, 1], [8, 4]]; // what follows the weight by flag: the time, the user, the body's index and height

/** A weight measurement (0x2A9D) of the Bluetooth weight scale service as `{ grams, stable }`: it is sent once the scale is still.
    Null: it did not succeed, or it is not whole. */
export function readMeasurement(view) {
  if (view.byteLength < 3) return null;
  const flags = view.getUint8(0);
  const raw = view.getUint16(1, true);
  if (raw === 0xffff || view.byteLength < MORE.reduce((size, [flag, more]) => size + (flags & flag ? more : 0), 3)) return null;
  return { grams: flags & IMPERIAL ? halfUp(raw, UNITS.lb, 10_000_000) : raw * 5, stable: true }; // in 0.01 lb, or in 0.005 kg
}

/** Whole lines out of bytes that are cut anywhere. The eighth bit is the parity of indicators that send seven, and is dropped, as
    are marks such as STX. A line without an end is dropped before it grows. */
export class Lines {
  #rest = "";

  push(bytes) {
    const found = (this.#rest + String.fromCharCode(...Array.from(bytes, (byte) => byte & 0x7f))).split(/[\r\n]+/);
    this.#rest = found.pop();
    if (this.#rest.length > 200) this.#rest = "";
    return found.map((line) => line.replace(/[^ -~]/g, "").trimEnd()).filter(Boolean);
  }
}

/** What lies on the scale. A load that was kept is not offered again before half of it was lifted. A line of another width than the
    one before it may have lost a digit on the way: its weight must come twice. */
export class Load {
  #repeats;
  #same = 0;
  #needed = 1;
  #before = null;
  #kept = null;
  #width = null;
  #offered = null;
  #lowest = null;

  constructor(repeats = 1) {
    this.#repeats = repeats;
  }

  /** The weight in grams if it may be taken now, else null. */
  see({ grams, stable, width = null }) {
    if (!stable) this.#same = 0;
    else if (this.#same && grams === this.#before) this.#same += 1;
    else {
      this.#same = 1;
      this.#needed = this.#repeats + (this.#width === null || width === this.#width ? 0 : 1);
    }
    this.#before = grams;
    this.#width = width;
    if (this.#kept !== null && grams * 2 < this.#kept) this.#kept = null;
    const taken = this.#kept === null && grams > 0 && this.#same >= this.#needed ? grams : null;
    if (taken !== null) this.#offered = taken;
    this.#lowest = taken ?? Math.min(this.#lowest ?? grams, grams);
    return taken;
  }

  /** Whether something was put on since a weight was offered, and is not still yet: what was offered is another load's. */
  get isAnother() {
    return this.#offered !== null && this.#before > this.#lowest + Math.max(100, this.#offered / 10);
  }

  /** The weight that is on it now was kept. */
  keep() {
    this.#kept = this.#before;
    this.#offered = null;
  }
}
