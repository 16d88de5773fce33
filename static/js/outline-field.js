// Drawing a boundary: the map writes GeoJSON into the field that is sent; the field, when typed in, redraws the map.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  // On the ellipsoid's plane at the ring's middle latitude: within a few parts in 100,000 of the server's figure.
  const ringArea = (ring) => {
    const rad = Math.PI / 180, major = 6378137, flat = 0.00669437999014;
    const latitude = rad * ring.reduce((sum, point) => sum + point[1], 0) / ring.length;
    const bend = 1 - flat * Math.sin(latitude) ** 2;
    const east = major / Math.sqrt(bend) * Math.cos(latitude) * rad, north = major * (1 - flat) / bend ** 1.5 * rad;
    const [x0, y0] = ring[0];
    let sum = 0;
    for (let i = 0; i < ring.length; i += 1) {
      const [x1, y1] = ring[i], [x2, y2] = ring[(i + 1) % ring.length];
      sum += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    }
    return Math.abs(sum / 2) * east * north;
  };
  const polygonArea = (rings) => rings.reduce((sum, ring, index) => sum + (index ? -1 : 1) * ringArea(ring), 0);
  const areaOf = (geometry) => geometry.type === "Polygon" ? polygonArea(geometry.coordinates)
    : geometry.type === "MultiPolygon" ? geometry.coordinates.reduce((sum, rings) => sum + polygonArea(rings), 0) : 0;
  const lengthOf = (points) => points.slice(1).reduce((sum, [x, y], index) =>
    sum + L.latLng(y, x).distanceTo(L.latLng(points[index][1], points[index][0])), 0);
  const cornersOf = (geometry) => geometry.type === "Polygon" ? geometry.coordinates.reduce((n, ring) => n + ring.length - 1, 0)
    : geometry.type === "MultiPolygon" ? geometry.coordinates.flat().reduce((n, ring) => n + ring.length - 1, 0)
      : geometry.coordinates.length;
  const round = (part) => Array.isArray(part) ? part.map(round) : Math.round(part * 1e8) / 1e8;

  const readText = (text, kinds) => {
    text = text.trim();
    if (!text) return null;
    if (text.startsWith("{")) {
      let found = JSON.parse(text);
      if (found.type === "FeatureCollection") found = found.features[0];
      return found.type === "Feature" ? found.geometry : found;
    }
    const points = text.split(/[\n;]/).map((row) => row.trim()).filter(Boolean)
      .map((row) => row.split(/[\s,]+/).map(Number));
    if (points.some((point) => point.length !== 2 || point.some(Number.isNaN))) return null;
    if (!kinds.includes("Polygon")) return { type: "LineString", coordinates: points };
    return points.length < 3 ? null : { type: "Polygon", coordinates: [[...points, points[0]]] };
  };

  document.querySelectorAll("[data-outline]").forEach((field) => {
    const box = field.querySelector("[data-outline-map]"), input = field.querySelector("textarea");
    const line = field.querySelector("[data-outline-area]"), text = field.querySelector("[data-outline-text]");
    const kinds = box.dataset.kinds.split(" ");
    const polygons = kinds.includes("Polygon") || kinds.includes("MultiPolygon");
    box.hidden = line.hidden = false;
    text.open = Boolean(input.getAttribute("aria-invalid"));
    const map = window.PlantationMap.create(box, { doubleClickZoom: false });
    const group = L.featureGroup().addTo(map);
    const style = { className: "shape shape-drawn" };
    map.pm.setPathOptions(style);
    map.pm.setGlobalOptions({ layerGroup: group, snapDistance: 15, allowSelfIntersection: false, continueDrawing: false, templineStyle: style, hintlineStyle: style, pathOptions: style });
    map.pm.addControls({
      position: "topleft", drawMarker: false, drawCircle: false, drawCircleMarker: false, drawText: false, drawRectangle: false,
      drawPolygon: polygons, drawPolyline: kinds.includes("LineString"), cutPolygon: polygons, rotateMode: false, dragMode: false, editControls: true,
    });
    const language = { zh: "zh", ky: "zh", ug: "zh" }[document.documentElement.lang.slice(0, 2)];
    if (language) map.pm.setLang(language);
    box.querySelectorAll(".button-container").forEach((part) => {
      const button = part.querySelector(".leaflet-buttons-control-button");
      if (button) button.setAttribute("aria-label", part.title);
    });

    const tell = (geometry) => {
      if (!geometry) { line.textContent = line.dataset.empty; return; }
      const number = (value, digits) => value.toLocaleString("en", { maximumFractionDigits: digits });
      const square = areaOf(geometry), straight = geometry.type === "LineString";
      line.textContent = (straight ? line.dataset.lineTemplate : line.dataset.template)
        .replace("{mu}", number(square * 15 / 10000, 2)).replace("{hectares}", number(square / 10000, 3))
        .replace("{metres}", straight ? number(lengthOf(geometry.coordinates), 1) : "").replace("{corners}", cornersOf(geometry));
    };
    const collect = () => {
      const shapes = group.getLayers().filter((layer) => layer.toGeoJSON).map((layer) => layer.toGeoJSON().geometry);
      if (!shapes.length) return null;
      const parts = shapes.flatMap((shape) => shape.type === "MultiPolygon" ? shape.coordinates : shape.type === "Polygon" ? [shape.coordinates] : []);
      const geometry = !parts.length ? shapes[shapes.length - 1]
        : parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
      return { ...geometry, coordinates: round(geometry.coordinates) };
    };
    const write = () => {
      const geometry = collect();
      input.value = geometry ? JSON.stringify(geometry) : "";
      tell(geometry);
    };
    const watch = (layer) => layer.on("pm:edit pm:update pm:dragend pm:cut pm:markerdragend pm:vertexremoved", write);
    const redraw = () => {
      group.clearLayers();
      let geometry = null;
      try { geometry = readText(input.value, kinds); } catch (error) { geometry = null; }
      try {
        if (geometry) {
          L.geoJSON({ type: "Feature", properties: {}, geometry }, { style: () => style }).eachLayer((layer) => { group.addLayer(layer); watch(layer); });
          window.PlantationMap.fit(map, group.getBounds());
        }
      } catch (error) { group.clearLayers(); geometry = null; }
      tell(geometry);
    };
    map.on("pm:create", (event) => { watch(event.layer); write(); });
    map.on("pm:remove pm:cut", () => { group.getLayers().forEach(watch); write(); });
    map.on("pm:drawstart", (event) => {
      // The area while drawing: the ring closed at the last corner.
      event.workingLayer.on("pm:vertexadded pm:snapdrag", () => {
        const points = event.workingLayer.getLatLngs().map((at) => [at.lng, at.lat]);
        if (event.shape === "Line" && points.length > 1) tell({ type: "LineString", coordinates: points });
        else if (points.length > 2) tell({ type: "Polygon", coordinates: [[...points, points[0]]] });
      });
    });
    input.addEventListener("change", redraw);
    redraw();
    if (box.dataset.around) {
      window.PlantationMap.load(box.dataset.around).then(async (collection) => {
        const around = await window.PlantationMap.draw(map, collection, { kind: "around", stays: group.getLayers().length > 0 });
        around.bringToBack();
        around.eachLayer((layer) => { if (layer.pm) { layer.options.pmIgnore = true; L.PM.reInitLayer(layer); } });
      }).catch(() => {});
    }
  });
});
