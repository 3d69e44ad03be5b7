// The map under the events: land, borders, rivers; and the names that help a reader to find the way.

const base = { world: [], countries: [], regions: [], rivers: [], water: [], labels: [], box: null };

function loadBasemap() {
  const raw = data.basemap;
  const many = (paths, quantum) => (paths || []).map((flat) => decode(flat, quantum, false));
  base.world = many(raw.world.paths, raw.world.quantum);
  if (turned) {
    const shifted = base.world.map(({ path, box }) => ({
      path: path.map((value, i) => (i % 2 ? value : value + WORLD)),
      box: [box[0] + WORLD, box[1], box[2] + WORLD, box[3]],
    }));
    base.world = base.world.concat(shifted);
  }
  for (const kind of ["countries", "regions", "rivers", "water"]) base[kind] = many(raw[kind], raw.quantum);
  const [west, south, east, north] = raw.box;
  base.box = [worldX(west), worldY(north), worldX(east), worldY(south)];
  base.detailed = base.countries.length > 0;
  base.labels = (raw.labels || []).map(([kind, name, lat, lon, rank]) => ({
    kind, name, rank, x: worldX(lon), y: worldY(lat),
  }));
}

function drawBasemap(ctx, view) {
  if (data.tiles) return;
  ctx.fillStyle = theme.sea;
  ctx.fillRect(view.left, view.top, view.right - view.left, view.bottom - view.top);
  ctx.lineJoin = "round";
  const frame = [view.x(base.box[0]), view.y(base.box[1]), view.x(base.box[2]), view.y(base.box[3])];
  ctx.save();
  if (base.detailed) clipTo(ctx, view, frame, true);
  fillAndStroke(ctx, view, base.world, base.detailed ? theme["land-far"] : theme.land, theme.border, 0.7);
  ctx.restore();
  if (!base.detailed) return;
  ctx.save();
  clipTo(ctx, view, frame, false);
  fillAndStroke(ctx, view, base.countries, theme.land, null, 0);
  fillAndStroke(ctx, view, base.water, theme.sea, theme.coast, 0.6);
  strokeAll(ctx, view, base.regions, theme.region, view.zoom < 6 ? 0.7 : 1, [4, 3]);
  strokeAll(ctx, view, base.rivers, theme.river, clamp(view.zoom / 6, 0.8, 2), []);
  strokeRings(ctx, view, base.countries, theme.border, clamp(view.zoom / 5, 0.9, 1.6), base.box);
  ctx.restore();
}

function clipTo(ctx, view, [x0, y0, x1, y1], outside) {
  ctx.beginPath();
  ctx.rect(x0, y0, x1 - x0, y1 - y0);
  if (outside) ctx.rect(view.left, view.top, view.right - view.left, view.bottom - view.top);
  ctx.clip("evenodd");
}

function fillAndStroke(ctx, view, paths, fill, stroke, width) {
  const shape = new Path2D();
  for (const { path, box } of paths) if (meet(box, view.box)) trace(shape, path, view, true);
  ctx.fillStyle = fill;
  ctx.fill(shape, "evenodd");
  if (!stroke) return;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width;
  ctx.stroke(shape);
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

/** The outlines of clipped polygons without the edges that the clipping made. */
function strokeRings(ctx, view, paths, stroke, width, frame) {
  const slack = 1e-6 * WORLD;
  const edge = (a, b, side) => Math.abs(a - side) < slack && Math.abs(b - side) < slack;
  ctx.beginPath();
  for (const { path, box } of paths) {
    if (!meet(box, view.box)) continue;
    ctx.moveTo(view.x(path[0]), view.y(path[1]));
    for (let i = 2; i < path.length; i += 2) {
      const cut =
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
  river: { font: `italic 10.5px ${FONT}`, colour: "river-label", halo: 2.4 },
};

/** Labels in the order in which they claim room: what the article names, then what orients. */
function labelsFor(view) {
  const floor = 7.6 - 0.5 * view.zoom; // a rank is about the digits of the population
  const wanted = base.labels.filter(({ kind, rank, x, y }) => {
    if (x < view.box[0] || x > view.box[2] || y < view.box[1] || y > view.box[3]) return false;
    if (kind === "country") return view.zoom < 9;
    if (kind === "region") return view.zoom >= 5.25 && view.zoom < 11;
    if (kind === "river") return view.zoom >= 7;
    return rank >= floor;
  });
  const order = { country: 0, settlement: 1, region: 2, river: 3 };
  return wanted.sort((a, b) => order[a.kind] - order[b.kind] || b.rank - a.rank);
}

/** Writes names where there is room; boxes already taken stay free. */
function drawLabels(ctx, view, named, taken) {
  const written = new Map();
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
    ctx.fillStyle = style.colour === "river-label" ? theme.label : theme[style.colour];
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
