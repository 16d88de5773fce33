/* A receipt printer on a cable (Web Serial): what the browser's print dialog would ask about is decided here once. */

import { DOTS, receipt } from "./escpos.js";

let port = null;

/** Ask which port it is, once; afterwards it is remembered while the page is open. */
export async function connect(baudRate = 9600) {
  port = await navigator.serial.requestPort();
  await port.open({ baudRate });
}

export const isConnected = () => port !== null;

/** Words as a picture of the paper's width. */
export function paint({ said, size = 24, rtl = false }) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const font = `${size}px sans-serif`;
  pen.font = font;
  const lines = [""];
  for (const word of said.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width > DOTS && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const height = Math.ceil(size * 1.4);
  canvas.width = DOTS;
  canvas.height = height * lines.length;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { fillStyle: "#000", font, textAlign: "center", textBaseline: "middle", direction: rtl ? "rtl" : "ltr" });
  lines.forEach((each, place) => pen.fillText(each, DOTS / 2, height * (place + 0.5)));
  return { rgba: pen.getImageData(0, 0, canvas.width, canvas.height).data, width: canvas.width, height: canvas.height };
}

/** Print parts (see paper.js). A printer that was pulled out is forgotten, and the error goes on. */
export async function print(list) {
  const bytes = receipt(list, paint);
  const writer = port.writable.getWriter();
  try {
    for (let from = 0; from < bytes.length; from += 512) await writer.write(bytes.slice(from, from + 512));
  } catch (error) {
    port = null;
    throw error;
  } finally {
    writer.releaseLock();
  }
}
