// The way to a parcel: from where the phone is, how far and in which direction. Nothing is sent anywhere.
"use strict";
(() => {
  const RADIUS_M = 6371008.8;
  const rad = (degrees) => degrees * Math.PI / 180;

  document.querySelectorAll("[data-walk]").forEach((box) => {
    const words = box.dataset;
    const rings = JSON.parse(words.walk); // [[lon, lat], …] of each outer boundary
    const start = box.querySelector("[data-walk-start]");
    const said = box.querySelector("[data-walk-said]");
    const metres = box.querySelector("[data-walk-metres]");
    const arrow = box.querySelector("[data-walk-arrow]");
    const map = box.querySelector("[data-walk-map]");
    if (!start || !("geolocation" in navigator)) { if (said) said.textContent = words.wordNone || ""; return; }
    let watch = null, heading = null, bearing = null;
    start.hidden = false;

    // A plane around the place: over a few kilometres it is right to centimetres.
    const plane = (here) => {
      const east = Math.cos(rad(here[1])) * RADIUS_M;
      return ([lon, lat]) => [rad(lon - here[0]) * east, rad(lat - here[1]) * RADIUS_M];
    };
    const nearest = (ring) => {
      let best = null;
      ring.forEach((a, index) => {
        const b = ring[(index + 1) % ring.length];
        const dx = b[0] - a[0], dy = b[1] - a[1], whole = dx * dx + dy * dy;
        const t = whole ? Math.min(1, Math.max(0, -(a[0] * dx + a[1] * dy) / whole)) : 0;
        const point = [a[0] + t * dx, a[1] + t * dy];
        const far = Math.hypot(point[0], point[1]);
        if (!best || far < best.far) best = { far, point };
      });
      return best;
    };
    const isInside = (ring) => {
      let inside = false;
      ring.forEach((a, index) => {
        const b = ring[(index + 1) % ring.length];
        if ((a[1] > 0) !== (b[1] > 0) && 0 < (b[0] - a[0]) * -a[1] / (b[1] - a[1]) + a[0]) inside = !inside;
      });
      return inside;
    };
    const turn = () => {
      if (bearing === null) return;
      arrow.setAttribute("transform", `rotate(${(bearing - (heading || 0) + 360) % 360} 50 50)`);
    };
    const draw = (flat, goal) => {
      const points = [[0, 0], goal, ...flat.flat()];
      const xs = points.map((p) => p[0]), ys = points.map((p) => -p[1]);
      const west = Math.min(...xs), north = Math.min(...ys);
      const size = Math.max(Math.max(...xs) - west, Math.max(...ys) - north, 20);
      const edge = size * 0.08;
      map.setAttribute("viewBox", `${west - edge} ${north - edge} ${Math.max(...xs) - west + 2 * edge} ${Math.max(...ys) - north + 2 * edge}`);
      map.querySelector(".walk-land").setAttribute("d", flat.map((ring) => `M${ring.map((p) => `${p[0]} ${-p[1]}`).join("L")}Z`).join(""));
      map.querySelector(".walk-way").setAttribute("d", `M0 0L${goal[0]} ${-goal[1]}`);
      map.querySelector(".walk-me").setAttribute("r", size * 0.025);
      map.removeAttribute("hidden");
    };
    const show = (position) => {
      const here = [position.coords.longitude, position.coords.latitude];
      const to = plane(here);
      const flat = rings.map((ring) => ring.map(to));
      const inside = flat.some(isInside);
      const best = flat.map(nearest).sort((a, b) => a.far - b.far)[0];
      bearing = (Math.atan2(best.point[0], best.point[1]) * 180 / Math.PI + 360) % 360;
      metres.textContent = inside ? words.wordHere : best.far < 1000 ? `${Math.round(best.far)} m` : `${(best.far / 1000).toFixed(2)} km`;
      const point = JSON.parse(words.wordPoints)[Math.round(bearing / 45) % 8];
      const exact = words.wordExact.replace("{metres}", Math.round(position.coords.accuracy));
      said.textContent = inside ? exact : `${point}, ${Math.round(bearing)}° · ${exact}`;
      arrow.closest("svg").toggleAttribute("hidden", inside);
      if (position.coords.heading !== null && position.coords.speed > 0.5) heading = position.coords.heading;
      turn();
      draw(flat, inside ? [0, 0] : best.point);
    };
    const fail = (error) => { said.textContent = error.code === 1 ? words.wordDenied : words.wordNone; };

    start.addEventListener("click", () => {
      if (watch !== null) {
        navigator.geolocation.clearWatch(watch);
        watch = null;
        start.textContent = words.wordStart;
        return;
      }
      start.textContent = words.wordStop;
      said.textContent = words.wordWait;
      watch = navigator.geolocation.watchPosition(show, fail, { enableHighAccuracy: true, maximumAge: 2000, timeout: 30000 });
    });
  });
})();
