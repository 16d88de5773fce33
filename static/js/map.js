// Maps of plots and parcels, drawn from GeoJSON; no tile server is needed. Text is set as text, never as markup.
"use strict";
window.PlantationMap = (() => {
  const SHAPES = new Set(["plot", "parcel", "mine", "exclusion", "access", "around"]);

  // WGS84 to GCJ-02, for showing shifted tiles only: nothing that is stored passes through here.
  const shift = (lat, lng) => {
    const a = 6378245.0, ee = 0.00669342162296594323, x = lng - 105, y = lat - 35, pi = Math.PI;
    const wave = (u, f) => Math.sin(u * f * pi);
    const common = (20 * wave(x, 6) + 20 * wave(x, 2)) * 2 / 3;
    let dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common
      + (20 * wave(y, 1) + 40 * wave(y, 1 / 3)) * 2 / 3 + (160 * wave(y, 1 / 12) + 320 * wave(y, 1 / 30)) * 2 / 3;
    let dLng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common
      + (20 * wave(x, 1) + 40 * wave(x, 1 / 3)) * 2 / 3 + (150 * wave(x, 1 / 12) + 300 * wave(x, 1 / 30)) * 2 / 3;
    const rad = lat * pi / 180, magic = 1 - ee * Math.sin(rad) ** 2, root = Math.sqrt(magic);
    dLat = dLat * 180 / ((a * (1 - ee)) / (magic * root) * pi);
    dLng = dLng * 180 / (a / root * Math.cos(rad) * pi);
    return [lat + dLat, lng + dLng];
  };

  const north = (word) => {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const box = L.DomUtil.create("div", "map-north");
      const arrow = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      arrow.setAttribute("viewBox", "0 0 12 14");
      arrow.setAttribute("width", "16");
      arrow.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M6 0l6 14-6-4-6 4z");
      arrow.append(path);
      box.append(arrow, document.createTextNode(word || "N"));
      return box;
    };
    return control;
  };

  const addTiles = (map, box) => {
    const shifted = box.dataset.tilesShifted !== undefined;
    const tiles = L.tileLayer(box.dataset.tiles, { maxZoom: 19, opacity: 0.8 });
    if (shifted) {
      // The ground moves under our vectors by what the tiles are off at its middle.
      const move = () => {
        const centre = map.getCenter(), moved = L.latLng(shift(centre.lat, centre.lng));
        const offset = map.latLngToLayerPoint(centre).subtract(map.latLngToLayerPoint(moved));
        const pane = map.getPane("tilePane");
        pane.style.marginLeft = `${Math.round(offset.x)}px`;
        pane.style.marginTop = `${Math.round(offset.y)}px`;
      };
      map.on("moveend zoomend", move);
    }
    tiles.addTo(map);
  };

  const create = (box, options = {}) => {
    box.replaceChildren();
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, {
      zoomSnap: 0.25, maxZoom: 21, attributionControl: false, zoomAnimation: !still, fadeAnimation: !still, zoomControl: false,
      scrollWheelZoom: false, ...options,
    });
    // The wheel scrolls the page until somebody has clicked the map: else it stops and zooms under whoever passes by.
    map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
    L.control.zoom({ zoomInTitle: box.dataset.wordLarger, zoomOutTitle: box.dataset.wordSmaller }).addTo(map);
    map.setView([40.9, 78.4], 13);
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
    north(box.dataset.wordNorth).addTo(map);
    if (box.dataset.tiles) addTiles(map, box);
    return map;
  };

  const say = (box, words) => {
    const line = document.createElement("p");
    line.className = "map-message";
    line.textContent = words;
    box.append(line);
  };

  const classOf = (properties) => {
    const kind = SHAPES.has(properties.kind) ? properties.kind : "plot";
    const shade = Number.isInteger(properties.shade) ? ` shade-${Math.min(4, Math.max(0, properties.shade))}` : "";
    const hue = Number.isInteger(properties.hue) ? ` hue-${Math.min(4, Math.max(0, properties.hue))}` : "";
    return `shape shape-${kind}${shade}${hue}`;
  };

  const describe = (properties) => {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = properties.title || properties.label || "";
    box.append(title);
    for (const line of Array.isArray(properties.lines) ? properties.lines : []) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    if (typeof properties.url === "string" && properties.url.startsWith("/")) {
      const link = document.createElement("a");
      link.href = properties.url;
      link.textContent = properties.url_label || "→";
      box.append(link);
    }
    return box;
  };

  // Work over many shapes lets the page answer in between: a phone that draws a village in one go is deaf for seconds.
  const GO = 60;
  const inGoes = async (items, work) => {
    for (let first = 0; first < items.length; first += GO) {
      items.slice(first, first + GO).forEach(work);
      await new Promise((next) => { setTimeout(next); });
    }
  };

  const shapes = (kind) => L.geoJSON(null, {
    style: (feature) => ({ className: classOf({ ...feature.properties, ...(kind ? { kind } : {}) }) }),
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 5 }),
    interactive: kind !== "around",
    onEachFeature: (feature, shape) => {
      const properties = feature.properties || {};
      if (kind !== "around" && (properties.title || properties.label)) shape.bindPopup(() => describe(properties));
    },
  });

  // Labels of small parcels appear once there is room for them; one that has none is not made, for each costs a layout.
  const label = (map, layer) => {
    const show = () => inGoes(layer.getLayers(), (shape) => {
      const words = String(shape.feature.properties?.label ?? "").replace(/[&<>"]/g, "");
      if (!words || !shape.getBounds) return;
      const bounds = shape.getBounds();
      const wide = map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
      if (wide < 7 * words.length + 4) shape.unbindTooltip();
      else if (!shape.getTooltip()) {
        const { shade, hue } = shape.feature.properties, className = Number.isInteger(shade ?? hue) ? "map-label on-colour" : "map-label";
        shape.bindTooltip(words, { permanent: true, direction: "center", className, interactive: false });
      }
    });
    map.on("zoomend", show);
    return show();
  };

  const fit = (map, bounds) => { if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16], maxZoom: 18, animate: false }); };

  // Draw `collection` with its labels; the map is fitted to it unless it `stays` where it is.
  // Fitted before anything is on the map, each shape is drawn once, not twice.
  const draw = async (map, collection, { kind, stays = false } = {}) => {
    const read = shapes(kind), drawn = L.featureGroup();
    await inGoes(collection.features, (feature) => read.addData(feature));
    if (!stays) fit(map, read.getBounds());
    drawn.addTo(map);
    await inGoes(read.getLayers(), (shape) => drawn.addLayer(shape));
    await label(map, drawn);
    return drawn;
  };

  const load = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/geo+json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const show = async (box) => {
    const map = create(box);
    try {
      const collection = await load(box.dataset.map);
      if (!(await draw(map, collection)).getLayers().length) say(box, box.dataset.wordEmpty);
    } catch (error) {
      say(box, box.dataset.wordFailed);
    }
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-map]").forEach(show));
  return { create, draw, fit, load };
})();
