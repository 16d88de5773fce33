/* The rules of weight and money, the same as plantation/domain: whole grams and fen, halves up. tests/field holds them
   against each other. */

/** A plain decimal as a whole number of its smallest unit, or null: "12.5" with 3 decimals is 12500. */
export function whole(text, decimals) {
  const match = /^([0-9]{1,9})(?:\.([0-9]*))?$/.exec(String(text ?? "").trim());
  if (!match) return null;
  const fraction = (match[2] || "").replace(/0+$/, "");
  if (fraction.length > decimals) return null;
  return Number(match[1]) * 10 ** decimals + Number(fraction.padEnd(decimals, "0") || 0);
}

/** a × b ÷ divisor, halves up, exact. */
export function halfUp(a, b, divisor) {
  const over = BigInt(divisor);
  return Number((2n * BigInt(a) * BigInt(b) + over) / (2n * over));
}

/** The net weight in grams, or null where gross is not above tare. */
export function netGrams(gross, tare, deductionPpm) {
  if (gross === null || tare === null || gross <= tare || gross > 100_000_000) return null;
  return halfUp(gross - tare, 1_000_000 - deductionPpm, 1_000_000);
}

/** What grams are worth at a price in fen per kg. */
export const amountFen = (grams, fenPerKg) => halfUp(grams, fenPerKg, 1000);

/** The price in force on a day: of the latest first day that is not after it; null where there is none. */
export function priceOn(sheet, grade, day) {
  let found = null;
  for (const [from, fen] of sheet[grade] || []) if (from <= day) found = fen;
  return found;
}

/** 23498 with 3 decimals is "23.498". */
export function decimal(value, decimals) {
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  return `${value < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The same for the eye, with thousands marks: 2109750 with 3 decimals is "2,109.750". Papers and messages carry plain ones. */
export const figure = (value, decimals) => decimal(value, decimals).replace(/\d(?=(\d{3})+\.)/g, "$&,");

/** A UUID of version 7: it begins with the time, so that slips sort as they were weighed. */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place++) bytes[place] = Math.floor(now / 2 ** (8 * (5 - place))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Below each id that is made from a moment on, above those before it. */
export function uuidFrom(moment) {
  const hex = moment.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** A moment with the device's offset, as the server reads it. */
export function moment(date) {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const two = (number) => String(Math.abs(number)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
}

const CLOCK_MS = 180_000;
const UNSEEN_MS = 3 * 86_400_000;

/** What is doubtful about a device's clock: `[why, milliseconds]`, or null. It was `fetched` on it when the server's said `told`: off then,
    it is off still where nobody has set it; before what the server said it cannot be; long after, it has had no signal, or is ahead. */
export function clockDoubt(now, fetched, told) {
  if (!Number.isFinite(told)) return null;
  if (now < told - CLOCK_MS) return ["clock_behind", told - now];
  if (fetched - told > CLOCK_MS && now >= fetched - CLOCK_MS) return ["clock_ahead", fetched - told];
  if (told - fetched > CLOCK_MS) return ["clock_behind", told - fetched];
  return now - told > UNSEEN_MS ? ["clock_unseen", now - told] : null;
}

/** A length of time in its largest whole unit: [3, "days"]. */
export function length(milliseconds) {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  return minutes >= 2880 ? [Math.floor(minutes / 1440), "days"] : minutes >= 120 ? [Math.floor(minutes / 60), "hours"] : [minutes, "minutes"];
}

/** A moment on the collective's clocks, "2026-08-31 16:30": its date decides the price. `offsets`: [milliseconds, minutes ahead of UTC
    from then on]; without any, this device's own. The browser's calendars know zones too, but one takes a slow phone as long to make
    as the page to draw. */
export function localTime(offsets, milliseconds) {
  let minutes = offsets?.length ? offsets[0][1] : -new Date(milliseconds).getTimezoneOffset();
  for (const [from, ahead] of offsets || []) if (from <= milliseconds) minutes = ahead;
  return new Date(milliseconds + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
}
