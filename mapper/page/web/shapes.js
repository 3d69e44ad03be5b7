// Areas, zones, circles, lines and arrows: where something happened and how surely.

const LEAST_ARROW = 46; // pixels
const MANY = 3000; // more shapes than this in view would only be a smear
const hatches = new Map();

/** Diagonal lines in a layer's colour: "somewhere in here", never a place of its own. */
function hatch(ctx, layer) {
  const key = layer + colour(layer);
  if (!hatches.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 10;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour(layer);
    pen.globalAlpha = 0.38;
    pen.lineWidth = 1.3;
    pen.beginPath();
    for (const shift of [-10, 0, 10]) {
      pen.moveTo(shift, 10);
      pen.lineTo(shift + 10, 0);
    }
    pen.stroke();
    hatches.set(key, ctx.createPattern(tile, "repeat"));
  }
  return hatches.get(key);
}

const ORDER = { area: 0, zone: 1, circle: 2, line: 3, flight: 4, return: 4, arrow: 5 };

/** The shapes in view, each once, in drawing order; those of the selected event last. */
function shapesInView(view) {
  const seen = new Map();
  for (const event of store.shown) {
    if (!event.wholeBox || !meet(event.wholeBox, view.box)) continue;
    for (const one of event.features) {
      if (one.shape === "point" || store.hidden.has(one.layer) || !meet(one.box, view.box)) continue;
      const small = one.shape === "circle" && one.reach * view.scale < 7;
      if (small && event !== store.selected) continue;
      const where = one.index === undefined ? `${one.x},${one.y},${one.r}` : one.index;
      const key = `${one.layer}|${one.shape}|${where}`;
      const same = seen.get(key);
      if (same) same.events.push(event);
      else seen.set(key, { one, events: [event] });
    }
    if (seen.size > MANY) break;
  }
  const rank = (item) => ORDER[item.one.shape] + (item.events.includes(store.selected) ? 10 : 0);
  const size = ({ one }) => (one.shape === "area" ? one.box[2] - one.box[0] : 0); // a region lies on its country
  return [...seen.values()].sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
}

/** Draws the shapes and returns them with their paths, for the pointer to find. */
function drawShapes(ctx, view) {
  const drawn = [];
  for (const item of shapesInView(view)) {
    const { one, events } = item;
    const chosen = events.includes(store.selected);
    if (one.code && !chosen) { // a country is only named, until it is selected
      drawn.push({ path: new Path2D(), events, one, filled: true });
      continue;
    }
    const path = new Path2D();
    if (one.code) for (const part of outlines(one.code)) trace(path, part.path, view, true);
    else if (one.reach) path.arc(view.x(one.x), view.y(one.y), one.reach * view.scale, 0, 2 * Math.PI);
    else if (one.shape === "flight" || one.shape === "return") bow(path, one, view);
    else for (const part of one.paths || []) trace(path, part, view, one.shape === "area" || one.shape === "zone");
    ctx.globalAlpha = store.selected && !chosen ? 0.55 : 1;
    PAINT[one.shape](ctx, path, one, view, chosen, item);
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
    drawn.push({ path, events, one, filled: ORDER[one.shape] < 3 });
  }
  return drawn;
}

const PAINT = {
  area(ctx, path, one, view, chosen) {
    if (one.code) return paintCountry(ctx, one, view);
    // The larger it is on the screen, the fainter: a whole region must not hide what is in it.
    const wide = ((one.box[2] - one.box[0]) * view.scale) / (view.right - view.left);
    fade(ctx, chosen ? 1 : clamp(0.85 - wide, 0.2, 0.6), () => {
      ctx.fillStyle = hatch(ctx, one.layer);
      ctx.fill(path, "evenodd");
    });
    ctx.strokeStyle = colour(one.layer);
    ctx.lineWidth = chosen ? 2.6 : 1.1;
    fade(ctx, chosen ? 1 : 0.75, () => ctx.stroke(path));
  },
  zone(ctx, path, one, view, chosen) {
    fade(ctx, chosen ? 0.34 : 0.2, () => {
      ctx.fillStyle = colour("distances");
      ctx.fill(path, "evenodd");
    });
    ctx.strokeStyle = colour("distances");
    ctx.lineWidth = chosen ? 2.4 : 1.5;
    ctx.setLineDash([6, 4]);
    ctx.stroke(path);
  },
  circle(ctx, path, one, view, chosen) {
    fade(ctx, chosen ? 0.2 : 0.1, () => {
      ctx.fillStyle = colour("uncertainty");
      ctx.fill(path);
    });
    fade(ctx, chosen ? 0.9 : 0.5, () => {
      ctx.strokeStyle = colour("uncertainty");
      ctx.lineWidth = chosen ? 1.8 : 1;
      ctx.setLineDash([3, 3]);
      ctx.stroke(path);
    });
  },
  line(ctx, path, one, view, chosen) {
    cased(ctx, path, colour(one.layer), chosen ? 4.5 : 3, []);
  },
  flight(ctx, path, one, view, chosen) {
    cased(ctx, path, colour("launches"), chosen ? 2.8 : 1.9, [8, 5]);
    const [ax, ay, cx, cy, bx, by] = one.bow;
    arrowHead(ctx, cx, cy, bx, by, colour("launches"), 9, 15);
  },
  return(ctx, path, one, view, chosen) {
    cased(ctx, path, colour("launches"), chosen ? 2.4 : 1.5, [2, 5]);
    const [ax, ay, cx, cy, bx, by] = one.bow;
    arrowHead(ctx, cx, cy, bx, by, colour("launches"), 8, 4);
  },
  arrow(ctx, path, one, view, chosen) {
    for (const part of one.paths) {
      const n = part.length;
      const real = Math.hypot(view.x(part[n - 2]) - view.x(part[0]), view.y(part[n - 1]) - view.y(part[1]));
      const length = Math.max(real, LEAST_ARROW);
      const width = clamp(length / 14, 2.5, chosen ? 7 : 5.5);
      const [x0, y0, x1, y1] = [view.x(part[n - 4]), view.y(part[n - 3]), view.x(part[n - 2]), view.y(part[n - 1])];
      const ends = one.event.features.some((p) => p.shape === "point" && Math.hypot(view.x(p.x) - x1, view.y(p.y) - y1) < 14);
      const short = ends ? (view.dense ? 14 : 17) : 0; // the symbol at its end would cover the head
      const size = width * 3.2;
      const angle = Math.atan2(y1 - y0, x1 - x0);
      const shaft = new Path2D();
      // A move too short to be seen at this zoom gets a longer tail; its end stays where it is.
      if (real < LEAST_ARROW) shaft.moveTo(x1 - Math.cos(angle) * LEAST_ARROW, y1 - Math.sin(angle) * LEAST_ARROW);
      else trace(shaft, part.slice(0, n - 2), view, false);
      shaft.lineTo(x1 - Math.cos(angle) * (short + size * 0.6), y1 - Math.sin(angle) * (short + size * 0.6));
      cased(ctx, shaft, colour(one.layer), width, isHollow(one.event) ? [9, 6] : []);
      arrowHead(ctx, x0, y0, x1, y1, colour(one.layer), size, short);
    }
  },
};

const outlines = (code) => (base.detailed ? base.land : base.world).filter((one) => one.code === code);

/** A country as a whole: exact in the map's area, coarse beyond it, as the basemap is. */
function paintCountry(ctx, one, view) {
  const parts = [[base.world.filter((part) => part.code === one.code), base.detailed]];
  if (base.detailed) parts.push([outlines(one.code), false]);
  for (const [paths, outside] of parts) {
    ctx.save();
    if (base.detailed) clipTo(ctx, view, frameOf(view), outside);
    fillPaths(ctx, view, paths, hatch(ctx, one.layer));
    strokeRings(ctx, view, paths, colour(one.layer), 2.2, base.box);
    ctx.restore();
  }
}

function fade(ctx, alpha, work) {
  const before = ctx.globalAlpha;
  ctx.globalAlpha = before * alpha;
  work();
  ctx.globalAlpha = before;
}

/** A line with a pale edge, so that it stands off whatever lies under it. */
function cased(ctx, path, tint, width, dash) {
  ctx.lineCap = dash.length ? "butt" : "round";
  ctx.lineJoin = "round";
  fade(ctx, 0.8, () => {
    ctx.strokeStyle = theme.paper;
    ctx.lineWidth = width + 2.4;
    ctx.setLineDash([]);
    ctx.stroke(path);
  });
  ctx.strokeStyle = tint;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke(path);
  ctx.setLineDash([]);
}

/** A head at the end of a line, drawn back by `short` pixels from its end (negative: beyond it). */
function arrowHead(ctx, fromX, fromY, x, y, tint, size, short) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const tipX = x - Math.cos(angle) * short;
  const tipY = y - Math.sin(angle) * short;
  ctx.beginPath();
  ctx.moveTo(tipX, tipY);
  for (const side of [2.62, -2.62]) ctx.lineTo(tipX + Math.cos(angle + side) * size, tipY + Math.sin(angle + side) * size);
  ctx.closePath();
  ctx.fillStyle = tint;
  ctx.strokeStyle = theme.paper;
  ctx.lineWidth = 1.2;
  ctx.stroke();
  ctx.fill();
}

/** A flight as a shallow bow, so that out and back do not hide each other. */
function bow(path, one, view) {
  const line = one.paths[0];
  const n = line.length;
  const [ax, ay, bx, by] = [view.x(line[0]), view.y(line[1]), view.x(line[n - 2]), view.y(line[n - 1])];
  const bend = 0.14;
  const cx = (ax + bx) / 2 + (by - ay) * bend;
  const cy = (ay + by) / 2 - (bx - ax) * bend;
  path.moveTo(ax, ay);
  path.quadraticCurveTo(cx, cy, bx, by);
  one.bow = [ax, ay, cx, cy, bx, by];
}
