// The map under the events: land, borders, rivers; and the names that help a reader to find the way.

const base = { world: [], land: [], coast: [], borders: [], regions: [], rivers: [], labels: [], box: null, detailed: false };

function loadBasemap() {
  const raw = data.basemap;
  base.world = raw.world.paths.map(([code, flat]) => ({ code, ...decode(flat, raw.world.quantum, false) }));
  if (turned) {
    const shifted = base.world.map(({ code, path, box }) => ({
      code,
      path: path.map((value, i) => (i % 2 ? value : value + WORLD)),
      box: [box[0] + WORLD, box[1], box[2] + WORLD, box[3]],
    }));
    base.world = base.world.concat(shifted);
  }
  base.detailed = Boolean(raw.land);
  base.land = (raw.land || []).map(([code, flat]) => ({ code, ...decode(flat, raw.quantum, false) }));
  base.rivers = (raw.rivers || []).map(([rank, flat]) => ({ rank, ...decode(flat, raw.quantum, false) }));
  for (const kind of ["coast", "borders", "regions"]) base[kind] = (raw[kind] || []).map((flat) => decode(flat, raw.quantum, false));
  const [west, south, east, north] = raw.box;
  base.box = [worldX(west), worldY(north), worldX(east), worldY(south)];
  base.labels = (raw.labels || []).map(([kind, name, lat, lon, rank]) => ({
    kind, name, rank, x: worldX(lon), y: worldY(lat),
  }));
}

/** The box of a country's main parts (not of what lies oceans away), or null when the outline leaves it out. */
function countryBox(code) {
  const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  const parts = base.world.filter((one) => one.code === code).sort((a, b) => size(b) - size(a));
  if (!parts.length) return null;
  const [{ box: main }] = parts;
  const [x, y] = [0.4 * (main[2] - main[0]), 0.4 * (main[3] - main[1])];
  const round = [main[0] - x, main[1] - y, main[2] + x, main[3] + y];
  return parts.filter((one) => meet(one.box, round)).map((one) => one.box).reduce(joinBoxes);
}

const frameOf = (view) => [view.x(base.box[0]), view.y(base.box[1]), view.x(base.box[2]), view.y(base.box[3])];

function drawBasemap(ctx, view) {
  if (data.tiles) return;
  ctx.fillStyle = theme.sea;
  ctx.fillRect(view.left, view.top, view.right - view.left, view.bottom - view.top);
  ctx.lineJoin = "round";
  ctx.save();
  if (base.detailed) clipTo(ctx, view, frameOf(view), true);
  fillPaths(ctx, view, base.world, base.detailed ? theme["land-far"] : theme.land);
  strokeRings(ctx, view, base.world, theme.border, 0.7, base.box);
  ctx.restore();
  if (!base.detailed) return;
  ctx.save();
  clipTo(ctx, view, frameOf(view), false);
  fillPaths(ctx, view, base.land, theme.land);
  strokeAll(ctx, view, base.regions, theme.region, view.zoom < 6 ? 0.7 : 1, [4, 3]);
  drawRivers(ctx, view);
  strokeAll(ctx, view, base.coast, theme.coast, clamp(view.zoom / 6, 0.8, 1.4), []);
  strokeAll(ctx, view, base.borders, theme.border, clamp(view.zoom / 4.5, 0.9, 1.8), []);
  ctx.restore();
}

/** The longer a river, the wider its line and the sooner it is drawn. */
function drawRivers(ctx, view) {
  for (let rank = 0; rank <= 9; rank += 1) {
    if (rank < 7.5 - view.zoom) continue;
    const width = clamp((0.35 + rank * 0.16) * (0.55 + view.zoom / 10), 0.5, 3.2);
    strokeAll(ctx, view, base.rivers.filter((one) => one.rank === rank), theme.river, width, []);
  }
}

function clipTo(ctx, view, [x0, y0, x1, y1], outside) {
  ctx.beginPath();
  ctx.rect(x0, y0, x1 - x0, y1 - y0);
  if (outside) ctx.rect(view.left, view.top, view.right - view.left, view.bottom - view.top);
  ctx.clip("evenodd");
}

function fillPaths(ctx, view, paths, fill) {
  const shape = new Path2D();
  for (const { path, box } of paths) if (meet(box, view.box)) trace(shape, path, view, true);
  ctx.fillStyle = fill;
  ctx.fill(shape, "evenodd");
}

function strokeAll(ctx, view, paths, stroke, width, dash) {
  const shape = new Path2D();
  for (const { path, box } of paths) if (meet(box, view.box)) trace(shape, path, view, false);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(shape);
  ctx.setLineDash([]);
}

/** Outlines without the edges that are no border: those of the clipping and of the cut at the antimeridian. */
function strokeRings(ctx, view, paths, stroke, width, frame) {
  const slack = 1e-6 * WORLD;
  const edge = (a, b, side) => Math.abs(a - side) < slack && Math.abs(b - side) < slack;
  ctx.beginPath();
  for (const { path, box } of paths) {
    if (!meet(box, view.box)) continue;
    ctx.moveTo(view.x(path[0]), view.y(path[1]));
    for (let i = 2; i < path.length; i += 2) {
      const seam = path[i - 2] === path[i] && Math.abs(path[i] - Math.round(path[i] / WORLD) * WORLD) < 0.02;
      const cut = seam ||
        edge(path[i - 2], path[i], frame[0]) || edge(path[i - 2], path[i], frame[2]) ||
        edge(path[i - 1], path[i + 1], frame[1]) || edge(path[i - 1], path[i + 1], frame[3]);
      if (cut) ctx.moveTo(view.x(path[i]), view.y(path[i + 1]));
      else ctx.lineTo(view.x(path[i]), view.y(path[i + 1]));
    }
  }
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.stroke();
}

// Names

const FONT = '"Inter", "Segoe UI", -apple-system, "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, system-ui, sans-serif';
const LABEL_STYLE = {
  place: { font: `600 12px ${FONT}`, colour: "ink", dot: false, halo: 3.2 },
  country: { font: `600 12px ${FONT}`, colour: "label", spacing: "2.4px", upper: true, halo: 3 },
  region: { font: `italic 11px ${FONT}`, colour: "label", spacing: "0.6px", halo: 2.6 },
  settlement: { font: `11.5px ${FONT}`, colour: "city", dot: true, halo: 2.8 },
  river: { font: `italic 10.5px ${FONT}`, colour: "water", halo: 2.4 },
  water: { font: `italic 11.5px ${FONT}`, colour: "water", spacing: "0.8px", halo: 2 },
};

/** Labels in the order in which they claim room: what the article names, then what orients. */
function labelsFor(view) {
  const floor = view.zoom > 10.4 ? 0 : 7.6 - 0.5 * view.zoom; // a rank is about the digits of the population
  const wanted = base.labels.filter(({ kind, rank, x, y }) => {
    if (x < view.box[0] || x > view.box[2] || y < view.box[1] || y > view.box[3]) return false;
    if (kind === "country") return view.zoom < 9;
    if (kind === "region") return rank * view.scale > 6200 && view.zoom < 11;
    if (kind === "river") return rank >= 12 - view.zoom;
    if (kind === "water") return rank >= 8.2 - view.zoom && view.zoom < 9;
    return rank >= floor;
  });
  const order = { country: 0, water: 0, settlement: 1, river: 2, region: 3 };
  return wanted.sort((a, b) => order[a.kind] - order[b.kind] || b.rank - a.rank);
}

/** Writes names where there is room; boxes already taken stay free. */
function drawLabels(ctx, view, named, taken, written) {
  for (const label of [...named, ...labelsFor(view)]) {
    const style = LABEL_STYLE[label.kind];
    const text = style.upper ? label.name.toUpperCase() : label.name;
    const x = view.x(label.x);
    const y = view.y(label.y);
    const before = written.get(label.name);
    if (before && Math.hypot(before[0] - x, before[1] - y) < 60) continue;
    ctx.font = style.font;
    ctx.letterSpacing = style.spacing || "0px";
    const width = ctx.measureText(text).width;
    const spot = placeLabel(x, y, width, label, style, taken, view);
    if (!spot) continue;
    taken.push(spot.box);
    written.set(label.name, [x, y]);
    if (style.dot || label.dot) dot(ctx, x, y);
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    ctx.lineWidth = style.halo;
    ctx.strokeStyle = theme["label-halo"];
    ctx.strokeText(text, spot.x, spot.y);
    ctx.fillStyle = theme[style.colour];
    ctx.fillText(text, spot.x, spot.y);
  }
  ctx.letterSpacing = "0px";
}

function placeLabel(x, y, width, label, style, taken, view) {
  const gap = label.gap || (style.dot ? 6 : 0);
  const centred = [x - width / 2, y];
  const round = [[x + gap, y], [x - gap - width, y], [x - width / 2, y - gap - 7], [x - width / 2, y + gap + 7]];
  for (const [left, middle] of gap ? round : [centred]) {
    const box = [left - 2, middle - 8, left + width + 2, middle + 8];
    const whole = box[0] > view.seen[0] && box[2] < view.seen[2];
    if ((whole || label.kind !== "place") && !taken.some((other) => meet(box, other))) return { x: left, y: middle, box };
  }
  return null;
}

function dot(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 2.2, 0, 2 * Math.PI);
  ctx.fillStyle = theme.city;
  ctx.fill();
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = theme["label-halo"];
  ctx.stroke();
}
