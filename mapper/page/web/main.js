// Puts the page together: folium's map in the middle, our canvases on it, everything else round it.

let map = null;
let events = null;
let marks = [];
let shapes = [];
let areaNotes = [];

function paintEvents(ctx, view) {
  const placed = layoutPoints(view);
  const frame = updateInset(view, placed);
  ({ shapes, marks, areaNotes } = paintOn(ctx, view, placed, frame ? [inset.spot] : []));
  if (!frame) return;
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = theme.ink;
  ctx.strokeRect(frame[0], frame[1], frame[2] - frame[0], frame[3] - frame[1]);
}

/** Draws everything but the basemap's land, names nothing in the blocked boxes, and returns what the pointer may meet. */
function paintOn(ctx, view, placed, blocked) {
  const drawn = drawShapes(ctx, view);
  const taken = [...blocked, ...placed.map(({ x, y, r }) => [x - r, y - r, x + r, y + r])];
  const written = new Map(); // names that stand on the map already, and where
  const noted = drawAreaNotes(ctx, view, drawn, taken, written);
  drawLabels(ctx, view, namedPlaces(view, placed), taken, written);
  drawPoints(ctx, placed);
  return { shapes: drawn, marks: placed, areaNotes: noted };
}

/** What the text names, as labels: more important than any name of the basemap. */
function namedPlaces(view, placed) {
  if (store.hidden.has("places")) return [];
  const seen = data.places.map(([name, lat, lon, area, , times]) => ({ name, area, x: worldX(turn(lon)), y: worldY(lat), rank: times }))
    .filter(({ area, x, y }) => !area && x > view.box[0] && x < view.box[2] && y > view.box[1] && y < view.box[3])
    .sort((a, b) => b.rank - a.rank);
  const found = [];
  const few = view.zoom >= 9 ? 400 : 120;
  for (const { name, x, y, rank } of seen.slice(0, 3 * few)) {
    const spot = found.length < few && besideMark(x, y, view, placed);
    if (spot) found.push({ kind: "place", name, ...spot, rank });
  }
  return found;
}

/** A name stands beside the symbol at its place, not under it. */
function besideMark(x, y, view, placed) {
  const [px, py] = [view.x(x), view.y(y)];
  const here = (one) => Math.abs(one.x - x) < 1e-4 && Math.abs(one.y - y) < 1e-4;
  let hidden = false;
  for (const { x: mx, y: my, r, at, one, items, events: mine } of placed) {
    const [cx, cy] = at || [mx, my];
    const reach = at ? Math.hypot(mx - cx, my - cy) + r : r;
    if (Math.hypot(cx - px, cy - py) > reach) continue;
    if ((items || [one]).some(here)) return { x: x + (cx - px) / view.scale, y: y + (cy - py) / view.scale, gap: reach + (mine.includes(store.selected) ? 11 : 4) };
    hidden = true;
  }
  return hidden ? null : { x, y, gap: 6, dot: true };
}

/** What is drawn as a whole region or country: its name in a small frame, since a pin would claim a point. */
function drawAreaNotes(ctx, view, drawn, taken, written) {
  const areas = new Map();
  for (const { one, events: here } of drawn) {
    if (one.shape !== "area") continue;
    const key = one.code || `${one.x},${one.y}`;
    if (areas.has(key)) areas.get(key).here.push(...here);
    else areas.set(key, { one, here: [...here] });
  }
  const notes = [];
  for (const { one, here: all } of areas.values()) {
    const here = [...new Set(all)];
    const place = (here[0].where || []).find((p) => p.lat === one.lat && p.lon === one.lon) || {};
    const name = place.name || place.said || "Area";
    const label = one.code && base.labels.find((other) => other.kind === "country" && other.name === name);
    const [x, y] = [view.x((label || one).x), view.y((label || one).y)];
    const text = here.length > 1 ? `${name} · ${here.length}` : name;
    ctx.font = `600 10.5px ${FONT}`;
    const width = ctx.measureText(text).width + 22;
    for (const [side, lift] of [[0, 0], [0, 20], [0, -20], [0.7, 0], [-0.7, 0], [0, 40], [0, -40]]) {
      const left = x + side * width - width / 2;
      const box = [left, y + lift - 8.5, left + width, y + lift + 8.5];
      if (box[0] < view.seen[0] || box[2] > view.seen[2] || taken.some((other) => meet(box, other))) continue;
      taken.push(box);
      written.set(name, [x, y]);
      note(ctx, box, text, one.layer, here.includes(store.selected));
      notes.push({ events: here, box });
      break;
    }
  }
  return notes;
}

function note(ctx, [x0, y0, x1, y1], text, layer, chosen) {
  ctx.beginPath();
  ctx.roundRect(x0, y0, x1 - x0, y1 - y0, 8.5);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  ctx.lineWidth = chosen ? 2.2 : 1;
  ctx.strokeStyle = colour(layer);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x0 + 9, (y0 + y1) / 2, 4, 0, 2 * Math.PI);
  ctx.fillStyle = colour(layer);
  ctx.fill();
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.ink;
  ctx.fillText(text, x0 + 16, (y0 + y1) / 2 + 0.5);
}

// Going somewhere

function padding() {
  const card = $("[data-detail]");
  const size = map.getSize();
  const beside = !card.hidden && size.x > 640 ? Math.min(card.offsetWidth + 20, size.x * 0.5) : 0;
  const below = !card.hidden && !beside ? Math.min(card.offsetHeight, size.y * 0.45) : 0;
  return { paddingTopLeft: [40 + beside, 40], paddingBottomRight: [48, 40 + below] };
}

function showBox(box, zoom, animate) {
  map.fitBounds(latLngBounds(box), { ...padding(), maxZoom: zoom, animate: animate && !reducedMotion(), duration: 0.5 });
}

function goTo({ lat, lon, r }) {
  const reach = Math.max(r, 3000) * perMetre(lat);
  const [x, y] = [worldX(turn(lon)), worldY(lat)];
  showBox([x - reach, y - reach, x + reach, y + reach], 11, true);
}

function showAll(animate) {
  const whole = store.events.map((event) => event.wholeBox).filter(Boolean);
  const named = data.places.map(([, lat, lon]) => [worldX(turn(lon)), worldY(lat), worldX(turn(lon)), worldY(lat)]);
  const size = map.getSize();
  const found = openingBox(store.events, size.x / size.y) || [...(whole.length ? whole : named)].reduce((a, b) => (a ? joinBoxes(a, b) : b), null);
  if (found) showBox(found, 10, animate);
  else map.setView([20, 10], 2, { animate: false });
}

function onSelected({ fly } = {}) {
  const event = store.selected;
  showDetail(event);
  if (fly && event && event.wholeBox) showBox(event.box || event.wholeBox, Math.max(9, Math.min(map.getZoom(), 11)), true);
  events.redraw();
}

// The pointer

let lastHit = null;

function noteHit(point) {
  const found = areaNotes.find((mark) => point.x > mark.box[0] && point.x < mark.box[2] && point.y > mark.box[1] && point.y < mark.box[3]);
  return found ? { events: found.events, note: true } : null;
}

const hit = (point, coarse) => noteHit(point) || hitAt(point, marks, shapes, events, coarse);

function onMapClick({ layerPoint, containerPoint, originalEvent }) {
  hidePick();
  const found = hit(layerPoint, originalEvent.pointerType === "touch");
  if (!found) {
    lastHit = null;
    return select(null);
  }
  const { mark } = found;
  if (mark && mark.items && !mark.same && map.getZoom() < map.getMaxZoom()) {
    return showBox(mark.items.map((one) => one.box).reduce(joinBoxes), map.getZoom() + 4, true);
  }
  const unique = [...new Set(found.events)];
  if (unique.length > 1 && (mark || found.note)) return showPick(unique, containerPoint);
  const key = found.events.map((event) => event.index).join();
  const at = lastHit === key && store.selected ? unique.indexOf(store.selected) : -1;
  lastHit = key;
  return select(unique[(at + 1) % unique.length]);
}

function onMapMove({ layerPoint, containerPoint }) {
  const found = hit(layerPoint, false);
  const tip = $("[data-tip]");
  map.getContainer().classList.toggle("over", Boolean(found));
  tip.hidden = !found;
  if (!found) return;
  const unique = [...new Set(found.events)];
  const [event] = unique;
  const place = placeTitle(event);
  tip.textContent = unique.length > 1 ? `${unique.length} events` : [event.label, place].filter(Boolean).join(" · ");
  tip.style.left = `${Math.min(containerPoint.x + 14, map.getSize().x - tip.offsetWidth - 8)}px`;
  tip.style.top = `${containerPoint.y + 16}px`;
}

// Start

function heading() {
  const doc = data.docs.length === 1 ? data.docs[0] : null;
  const dates = data.docs.map((one) => one.date).filter(Boolean).sort();
  document.title = data.title;
  $("[data-title]").textContent = data.title;
  const when = dates.length ? (dates[0] === dates[dates.length - 1] ? day(dates[0]) : `${day(dates[0])} – ${day(dates[dates.length - 1])}`) : "";
  const from = doc ? doc.source || "" : `${data.docs.length} documents`;
  $("[data-subtitle]").textContent = [when, from].filter(Boolean).join(" · ");
}

function startMap() {
  const pane = (name, order) => {
    map.createPane(name).style.zIndex = String(order);
    map.getPane(name).style.pointerEvents = "none";
    return name;
  };
  new CanvasLayer(drawBasemap, { pane: pane("land", 150), padding: 0.3 }).addTo(map);
  events = new CanvasLayer(paintEvents, { pane: pane("events", 450) }).addTo(map);
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  map.on("click", onMapClick).on("mousemove", onMapMove).on("mouseout", () => { $("[data-tip]").hidden = true; });
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    store.view = `${Number(map.getZoom().toFixed(2))}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
    writeHash();
  });
  new ResizeObserver(oncePerFrame(() => map.invalidateSize({ animate: false }))).observe(map.getContainer());
}

/** Takes the view from the hash, else goes to the selected event, else shows everything. */
function firstView() {
  const [zoom, lat, lon] = (store.view || "").split("/").map(Number);
  if (store.view && Math.abs(lat) <= 90) map.setView([lat, lon], zoom, { animate: false });
  else if (store.selected && store.selected.wholeBox) showBox(store.selected.box || store.selected.wholeBox, 10, false);
  else showAll(false);
}

function onHash() {
  if (location.hash === (ownHash || "")) return;
  const before = store.selected;
  readHash();
  syncFilters();
  const view = store.view;
  applyFilters();
  tell("layers");
  tell("selected", { fly: store.selected !== before && !view });
  if (view) firstView();
}

function start(hostMap) {
  map = hostMap;
  load();
  readTheme();
  readHash();
  heading();
  startFilters();
  startLegend();
  startList();
  startArticle();
  startDownloads();
  startInset();
  startPick();
  syncFilters();
  store.shown = store.events.filter(fits);
  map.setView([20, 10], 2, { animate: false });
  map.invalidateSize({ animate: false });
  showDetail(store.selected);
  firstView();
  startMap();
  on("shown", () => events.redraw());
  on("layers", () => events.redraw());
  on("selected", onSelected);
  tell("shown");
  if (store.selected) tell("selected", {});
  window.addEventListener("hashchange", onHash);
  document.addEventListener("keydown", (key) => {
    if (key.key === "Escape" && store.selected) select(null);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    map.eachLayer((layer) => layer.redraw && layer.redraw());
  });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.setAttribute("data-mapper-ready", "true");
  }));
}

window.mapperPage = { start };
