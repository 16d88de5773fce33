/* Where a scale is plugged in: a cable (Web Serial) or Bluetooth. `hear(reading)` is called for each thing that it says, with null
   when it is gone, and with `{ unread }` where one line after the other is not of the pattern. */

import { Lines, readLine, readMeasurement } from "./scale.js";

/* One torn line is no reason to speak of it. */
const ODD_LINES = 3;

/** Read an indicator until it is pulled out. */
export async function listenSerial({ baudRate, how }, hear) {
  const port = await navigator.serial.requestPort();
  await port.open({ baudRate });
  read(port, how, hear);
}

async function read(port, how, hear) {
  const lines = new Lines();
  let odd = 0;
  while (port.readable) {
    const reader = port.readable.getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return hear(null);
        for (const line of lines.push(value)) {
          const reading = readLine(line, how);
          odd = reading ? 0 : odd + 1;
          if (reading) hear(reading);
          else if (odd === ODD_LINES) hear({ unread: line.slice(0, 40) });
        }
      }
    } catch {
      hear(null); // a parity error goes on with a new reader; a pulled plug leaves no `readable`
    } finally {
      reader.releaseLock();
    }
  }
}

/** Read a Bluetooth scale that speaks the weight scale service. */
export async function listenBluetooth(hear) {
  const device = await navigator.bluetooth.requestDevice({ filters: [{ services: [0x181d] }] });
  device.addEventListener("gattserverdisconnected", () => hear(null));
  const service = await (await device.gatt.connect()).getPrimaryService(0x181d);
  const measurement = await service.getCharacteristic(0x2a9d);
  measurement.addEventListener("characteristicvaluechanged", (event) => {
    const reading = readMeasurement(event.target.value);
    if (reading) hear(reading);
  });
  await measurement.startNotifications();
}
