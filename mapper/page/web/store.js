// What the page knows and what the reader has chosen. The choice lives in location.hash, so a link keeps it.

let data = null;
const store = {
  events: [],
  byId: new Map(),
  shown: [],
  off: new Set(), // filters unchecked, as "type:shelling"
  hidden: new Set(), // layers switched off
  search: "",
  from: "",
  to: "",
  selected: null,
  view: null,
  listeners: { shown: [], selected: [], layers: [] },
};
const on = (what, work) => store.listeners[what].push(work);
const tell = (what, detail) => store.listeners[what].forEach((work) => work(detail));

/** Reads the block of data and prepares what drawing and filtering need of every event. */
function load() {
  data = JSON.parse($("#mapper-data").textContent);
  turned = Boolean(data.turned);
  loadBasemap();
  const shapes = data.shapes.map((paths) => {
    const decoded = paths.map((flat) => decode(flat, 1e-5, true));
    return { paths: decoded.map((one) => one.path), box: decoded.map((one) => one.box).reduce(joinBoxes) };
  });
  const columns = data.events;
  const part = (index) => (index < 0 ? undefined : data.parts[index]);
  const many = (indices) => (indices.length ? indices.map(part) : undefined);
  columns.id.forEach((id, index) => {
    const at = (name) => part(columns[name][index]);
    const event = {
      id, index, doc: columns.doc[index], type: at("type"), quote: columns.quote[index], modality: at("modality"), outcome: at("outcome"),
      status: at("status"), confidence: columns.confidence[index], who: at("who"), whom: at("whom"), when: at("when"), move: at("move"),
      killed: at("killed"), injured: at("injured"), weapons: many(columns.weapons[index]), claims: many(columns.claims[index]),
      where: many(columns.where[index]), reports: many(columns.reports[index]), hay: undefined,
    };
    const type = data.types[event.type];
    const drawn = at("f") || [];
    event.layer = type.layer;
    event.label = type.label;
    event.symbol = type.symbol;
    event.first = event.when && event.when.start ? event.when.start.slice(0, 10) : "";
    event.last = event.first && (event.when.end || event.when.start).slice(0, 10);
    event.facets = facetsOf(event);
    event.features = [];
    for (let i = 0; i < drawn.length; i += 3) event.features.push(featureOf(event, drawn[i], drawn[i + 1], drawn[i + 2], shapes));
    event.box = null;
    for (const one of event.features) {
      if (one.shape !== "area") event.box = event.box ? joinBoxes(event.box, one.box) : one.box;
    }
    event.wholeBox = event.features.reduce((box, one) => (box ? joinBoxes(box, one.box) : one.box), null);
    store.events.push(event);
    store.byId.set(event.id, event);
  });
  data.events = null;
}

function facetsOf(event) {
  return [
    `type:${event.type}`,
    `side:${(event.who && event.who.side) || "unknown"}`,
    `status:${event.status}`,
    `modality:${event.modality}`,
  ];
}

const SHAPE = ["point", "area", "zone", "circle", "line", "arrow", "flight", "return"];

/** A feature from its three numbers: layer and shape, the place that it draws, its geometry or -1. */
function featureOf(event, kind, spot, geometry, shapes) {
  const layer = data.layers[Math.floor(kind / SHAPE.length)][0];
  const shape = SHAPE[kind % SHAPE.length];
  const { role, lat, lon, r, code } = event.where[spot];
  const index = geometry < 0 ? undefined : geometry;
  const x = worldX(turn(lon));
  const y = worldY(lat);
  const reach = shape === "circle" || (shape === "area" && index === undefined) ? r * perMetre(lat) : 0;
  const drawn = index === undefined ? null : shapes[index];
  const country = shape === "area" && code && index === undefined ? countryBox(code) : null;
  if (country) return { event, layer, shape, role, lat, lon, r, x, y, reach: 0, code, paths: null, index, box: country };
  const box = drawn ? drawn.box : [x - reach, y - reach, x + reach, y + reach];
  return { event, layer, shape, role, lat, lon, r, x, y, reach, paths: drawn && drawn.paths, index, box };
}

function fits(event) {
  for (const facet of event.facets) if (store.off.has(facet)) return false;
  if (event.first && store.from && event.last < store.from) return false;
  if (event.first && store.to && event.first > store.to) return false;
  return !store.search || haystack(event).includes(store.search);
}

function haystack(event) {
  if (event.hay === undefined) {
    const where = (event.where || []).map((place) => `${place.name || ""} ${place.said || ""} ${place.in || ""}`);
    const actors = [event.who, event.whom].map((actor) => (actor ? `${actor.text || ""} ${actor.side || ""}` : ""));
    const claims = (event.claims || []).map((claim) => claim.speaker || "");
    event.hay = [event.label, event.quote, ...where, ...actors, ...claims].join(" ").toLowerCase();
  }
  return event.hay;
}

/** Applies the filters; the list, the map and the count follow. */
function applyFilters() {
  store.shown = store.events.filter(fits);
  tell("shown");
  writeHash();
}

function select(event, options = {}) {
  store.selected = event;
  tell("selected", options);
  writeHash();
}

const isFiltered = () => Boolean(store.off.size || store.search || store.from || store.to);

function resetFilters() {
  store.off.clear();
  store.search = store.from = store.to = "";
  applyFilters();
}

// The hash: event=ID&off=type:launch,side:Russia&hide=places&q=...&from=...&to=...&view=zoom/lat/lon

// Half a surrogate pair cannot stand in an address; encodeURIComponent would throw.
const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");
const soft = (text) => encodeURIComponent(whole(text)).replace(/%3A/g, ":").replace(/%2F/g, "/");
const joined = (set) => [...set].sort().map(soft).join(",");
let ownHash = null;

function writeHash() {
  const parts = [];
  if (store.selected) parts.push(`event=${soft(store.selected.id)}`);
  if (store.off.size) parts.push(`off=${joined(store.off)}`);
  if (store.hidden.size) parts.push(`hide=${joined(store.hidden)}`);
  if (store.search) parts.push(`q=${soft(store.search)}`);
  if (store.from) parts.push(`from=${soft(store.from)}`);
  if (store.to) parts.push(`to=${soft(store.to)}`);
  if (store.view) parts.push(`view=${store.view}`);
  const hash = parts.length ? `#${parts.join("&")}` : "";
  if (hash === location.hash) return;
  ownHash = hash;
  try {
    history.replaceState(null, "", hash || location.pathname + location.search);
  } catch {
    location.hash = hash; // a document without an address of its own may not replace its state
  }
}

/** Takes the reader's choice from the hash; unknown events and filters are passed over. */
function readHash() {
  const found = {};
  for (const part of location.hash.slice(1).split("&")) {
    const cut = part.indexOf("=");
    if (cut > 0) found[part.slice(0, cut)] = part.slice(cut + 1);
  }
  const plain = (text) => {
    try {
      return decodeURIComponent(text || "");
    } catch {
      return "";
    }
  };
  const set = (text) => new Set((text || "").split(",").filter(Boolean).map(plain));
  store.off = set(found.off);
  store.hidden = set(found.hide);
  store.search = plain(found.q).toLowerCase();
  store.from = plain(found.from);
  store.to = plain(found.to);
  store.view = /^[\d.]+\/-?[\d.]+\/-?[\d.]+$/.test(found.view || "") ? found.view : null;
  store.selected = store.byId.get(plain(found.event)) || null;
}
