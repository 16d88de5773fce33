/* A household by the QR code on its card: the camera looks until it sees one that is known here, or is told to stop. */

import { hasCamera, look, reasonOf } from "../js/camera.js";
import { $, say, show, state } from "./state.js";

const FAULTS = { refused: "camera_refused", busy: "camera_busy", unseen: "no_card", none: "no_camera" };

/** What a card says: `{ code }` of a household that is known here, else `{ fault }`, the words for what it is instead. */
export function read(text) {
  let [code, collective] = [text.trim(), null];
  try {
    const asked = new URL(code).searchParams;
    [code, collective] = [asked.get("name"), asked.get("collective")];
  } catch {
    // It is no address; then it is a code or nothing.
  }
  if (!code || code.length > 64) return { fault: say("no_household_card") };
  if (collective && collective !== state.reference?.collective) return { fault: say("other_card", { code, collective }) };
  if (!state.reference?.households.some(([one]) => one === code)) return { fault: say("unknown_card", { code }) };
  return { code };
}

let open = null;

/** Open the camera; the code of the first card that is known, or undefined when it was stopped or cannot be used, which is then said.
    A second call stops it. */
export async function scan() {
  if (open) return void open.abort();
  open = new AbortController();
  const [key, word] = [$("scan"), $("scan").textContent];
  try {
    if (!hasCamera()) throw new DOMException("none", "NotFoundError");
    key.textContent = say("stop");
    show("");
    return await look({
      video: $("camera"), signal: open.signal,
      take(text) {
        const { code, fault } = read(text);
        if (fault) show(fault);
        return code;
      },
    });
  } catch (error) {
    show(say(FAULTS[reasonOf(error)]));
  } finally {
    key.textContent = word;
    open = null;
  }
}
