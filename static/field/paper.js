/* The slip, 58 mm wide: for the browser's print, and as parts for a receipt printer. Every word stands in Chinese and,
   where the household has chosen one, in its language. */

import { decimal } from "./rules.js";
import { $, languageOf, line, nameOf, say, slipWords, state } from "./state.js";

const RTL = new Set(["ug", "ky_Arab"]);

export const addressOf = (slip) => (slip.slip ? `${location.origin}${state.reference.verify || "/verify/"}${encodeURIComponent(slip.slip)}` : "");

/** The parts of a slip, from top to bottom; those of kind "words" are to be painted. */
export function parts(slip) {
  const own = languageOf(slip.household);
  const word = (name) => [slipWords.zh_Hans[name], own && slipWords[own]?.[name]].filter(Boolean).join(" · ");
  const kg = (grams) => `${decimal(grams, 3)} kg`;
  const rtl = RTL.has(own);
  const row = (name, said) => ({ kind: "words", said: `${word(name)} ${said}`.trim(), rtl, size: rtl ? 28 : 24 }); // letters of Arabic script are low
  const found = [
    { kind: "words", said: state.reference.name, size: 28 },
    row("net", ""), { kind: "big", said: kg(slip.net_grams) },
    row("grade", slip.grade), row("gross", ""), { kind: "text", said: `${slip.gross_kg} - ${slip.tare_kg} kg${Number(slip.deduction_pct) ? ` - ${slip.deduction_pct} %` : ""}` },
  ];
  if (slip.amount_fen !== null) found.push(row("amount", "¥"), { kind: "big", said: decimal(slip.amount_fen, 2) });
  found.push({ kind: "words", said: `${slip.household} ${nameOf(slip.household)}` }, { kind: "text", said: slip.time.slice(0, 16).replace("T", " ") });
  if (slip.slip) found.push({ kind: "text", said: slip.slip }, { kind: "qr", said: addressOf(slip) });
  else found.push(row("no_number", ""));
  if (slip.head) found.push({ kind: "text", said: slip.head, small: true });
  return found;
}

function drawn(picture) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${picture.size} ${picture.size}`);
  svg.setAttribute("class", "paper-qr");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", picture.path);
  svg.append(path);
  return svg;
}

/** Put parts onto the paper that the browser prints. */
export async function lay(list) {
  const { qrPath } = await import("./qr.js");
  const rows = [];
  for (const part of list) {
    if (part.kind === "qr") {
      const picture = qrPath(part.said);
      if (picture) rows.push(drawn(picture));
      rows.push(line(part.said, "p", "paper-address"));
    } else if (part.said.trim()) {
      const row = line(part.said, "p", part.kind === "big" ? "paper-weight" : part.small ? "paper-address" : "");
      row.dir = part.rtl ? "rtl" : "auto";
      rows.push(row);
    }
  }
  $("paper").replaceChildren(...rows);
  cutTo($("paper").scrollHeight);
}

/** A page as long as what is on it: no style knows that by itself, and a printer would feed a sheet for a slip. */
function cutTo(pixels) {
  if (!("adoptedStyleSheets" in document)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page { size: 58mm ${Math.ceil((pixels / 96) * 25.4) + 2}mm; margin: 2mm; }`);
  document.adoptedStyleSheets = [sheet];
}
