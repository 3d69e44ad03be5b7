// Saves what is shown. A cell that a spreadsheet would run as a formula gets an apostrophe.

const CODE_COLUMNS = ["acled_event", "acled_sub_event", "plover", "plover_mode"];

function flat(event) {
  const doc = data.docs[event.doc];
  const main = (event.where || []).find((p) => p.role === "target" || p.role === "destination") || (event.where || [])[0] || {};
  const codes = data.codes[event.type] || {};
  const row = { id: event.id, document: doc.id, type: event.type };
  for (const column of CODE_COLUMNS) row[column] = codes[column];
  return Object.assign(row, {
    modality: event.modality, outcome: event.outcome, status: event.status,
    initiator: event.who && event.who.text, initiator_side: event.who && event.who.side,
    target: event.whom && event.whom.text, target_side: event.whom && event.whom.side,
    weapons: (event.weapons || []).map((w) => (w.count === undefined ? w.text : `${w.count} ${w.text}`)).join("; "),
    killed: count(event.killed), injured: count(event.injured),
    when_start: event.when && event.when.start, when_end: event.when && event.when.end, when_text: event.when && event.when.text,
    claims: (event.claims || []).map((c) => `${c.speaker || c.side || ""} ${c.stance}`).join("; "),
    confidence: event.confidence, place: main.name, place_in: main.in, role: main.role, relation: main.text || main.relation,
    lat: main.lat, lon: main.lon, radius_m: main.r, quote: event.quote, source: doc.source, date: doc.date,
  });
}

function cell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asCsv() {
  const table = store.shown.map(flat);
  const columns = Object.keys(table[0] || { id: "" });
  const lines = [columns.join(","), ...table.map((row) => columns.map((column) => cell(row[column])).join(","))];
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/** A country's outline as the basemap has it, or null when the basemap leaves it out. */
function countryOutline(code) {
  const { paths, quantum } = data.basemap.world;
  const rings = paths.filter(([owner]) => owner === code).map(([, flat]) => degrees(flat, quantum));
  if (!rings.length) return null;
  for (const ring of rings) if (String(ring[0]) !== String(ring.at(-1))) ring.push(ring[0]);
  return { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) };
}

/** The geometry of a feature in degrees, as it came from the text. */
function geometryOf(one) {
  const country = one.code && countryOutline(one.code);
  if (country) return country;
  if (one.index === undefined) return { type: "Point", coordinates: [one.lon, one.lat] };
  const paths = data.shapes[one.index].map((path) => degrees(path, 1e-5));
  if (one.shape === "area" || one.shape === "zone") {
    return paths.length === 1 ? { type: "Polygon", coordinates: paths } : { type: "MultiPolygon", coordinates: paths.map((path) => [path]) };
  }
  return paths.length === 1 ? { type: "LineString", coordinates: paths[0] } : { type: "MultiLineString", coordinates: paths };
}

function asGeoJson() {
  const features = store.shown.flatMap((event) => {
    const properties = flat(event);
    const drawn = event.features.filter((one) => one.shape !== "circle");
    if (!drawn.length) return [{ type: "Feature", properties, geometry: null }];
    return drawn.map((one) => ({
      type: "Feature",
      properties: { ...properties, layer: one.layer, shape: one.shape, role: one.role, lat: one.lat, lon: one.lon, radius_m: one.r },
      geometry: geometryOf(one),
    }));
  });
  return JSON.stringify({ type: "FeatureCollection", attribution: data.attribution, features });
}

function startDownloads() {
  const save = (name, type, text) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = el("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  $('[data-export="geojson"]').addEventListener("click", () => save("events.geojson", "application/geo+json", asGeoJson()));
  $('[data-export="csv"]').addEventListener("click", () => save("events.csv", "text/csv", asCsv()));
}
