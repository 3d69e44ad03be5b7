// Symbols of events: one alone, several at one place side by side, many as one badge that says how many.

const RADIUS = 10.5; // pixels; less in the magnifier
const DENSE_RADIUS = 8.5;
const radiusIn = (view) => (view.dense ? DENSE_RADIUS : RADIUS);
/** Symbols nearer than this would hide each other. */
const joinIn = (view) => radiusIn(view) * 2.2 + 2;
const FAN = 9; // so many at one place still stand side by side

/** Groups the points in view that would overlap. */
function groupPoints(view) {
  const groups = [];
  const grid = new Map();
  for (const event of store.shown) {
    if (!event.wholeBox || !meet(event.wholeBox, view.box)) continue;
    for (const one of event.features) {
      if (one.shape !== "point" || store.hidden.has(one.layer)) continue;
      const x = view.x(one.x);
      const y = view.y(one.y);
      if (x < view.left || x > view.right || y < view.top || y > view.bottom) continue;
      join(groups, grid, one, x, y, joinIn(view));
    }
  }
  return groups;
}

function join(groups, grid, one, x, y, reach) {
  const column = Math.floor(x / reach);
  const row = Math.floor(y / reach);
  for (let dx = -1; dx <= 1; dx += 1) {
    for (let dy = -1; dy <= 1; dy += 1) {
      for (const group of grid.get((column + dx) * 100003 + row + dy) || []) {
        if (Math.hypot(group.x - x, group.y - y) >= reach) continue;
        group.items.push(one);
        group.same = group.same && group.items[0].x === one.x && group.items[0].y === one.y;
        return;
      }
    }
  }
  const group = { x, y, items: [one], same: true };
  groups.push(group);
  const key = column * 100003 + row;
  if (grid.has(key)) grid.get(key).push(group);
  else grid.set(key, [group]);
}

/** Where every symbol and badge stands: {x, y, r, events, ...}, for drawing and for the pointer. */
function layoutPoints(view) {
  const marks = [];
  for (const { x, y, items, same } of groupPoints(view)) {
    const single = oneEach(items);
    const n = single.length;
    if (n === 1) marks.push({ x: view.x(single[0].x), y: view.y(single[0].y), r: radiusIn(view), one: single[0], events: [single[0].event] });
    else if (same && n <= FAN) fan(marks, x, y, single, radiusIn(view));
    else marks.push({ x, y, r: Math.min(26, radiusIn(view) + 1.5 + 2.6 * Math.log2(n)), items: single, same, events: single.map((one) => one.event) });
  }
  return marks;
}

const MAIN = { target: 0, destination: 1, launch: 2, origin: 3 };

/** An event whose own points fall together is one symbol: that of where it happened. */
function oneEach(items) {
  if (items.length === 1) return items;
  const best = new Map();
  for (const one of items) {
    const other = best.get(one.event);
    if (!other || (MAIN[one.role] ?? 9) < (MAIN[other.role] ?? 9)) best.set(one.event, one);
  }
  return [...best.values()];
}

function fan(marks, x, y, items, r) {
  const wide = Math.max(r + 2, (items.length * (2 * r + 4)) / (2 * Math.PI));
  items.forEach((one, i) => {
    const angle = -Math.PI / 2 + ((i + (items.length === 2 ? 0.5 : 0)) * 2 * Math.PI) / items.length;
    marks.push({ x: x + Math.cos(angle) * wide, y: y + Math.sin(angle) * wide, r, one, at: [x, y], events: [one.event] });
  });
}

function drawPoints(ctx, marks) {
  for (const mark of marks) {
    if (!mark.at) continue;
    ctx.beginPath();
    ctx.moveTo(mark.at[0], mark.at[1]);
    ctx.lineTo(mark.x, mark.y);
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = theme.ink;
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(mark.at[0], mark.at[1], 2.4, 0, 2 * Math.PI);
    ctx.fillStyle = theme.ink;
    ctx.fill();
  }
  const chosen = (mark) => mark.events.includes(store.selected);
  for (const mark of marks) if (!chosen(mark)) drawMark(ctx, mark, false);
  for (const mark of marks) if (chosen(mark)) drawMark(ctx, mark, true);
}

function drawMark(ctx, mark, chosen) {
  ctx.globalAlpha = store.selected && !chosen ? 0.72 : 1;
  if (chosen) {
    ctx.beginPath();
    ctx.arc(mark.x, mark.y, mark.r + 6, 0, 2 * Math.PI);
    ctx.fillStyle = theme.paper;
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.focus;
    ctx.stroke();
  }
  if (mark.one) {
    const { event, layer, role } = mark.one;
    const way = role === "return" || (role === "origin" && event.features.some((one) => one.shape === "point" && one.role !== "origin"));
    const hitBy = event.type === "launch" && role === "target";
    const symbol = role === "launch" ? "launch" : way ? "dot" : hitBy ? "burst" : event.symbol;
    paintSymbol(ctx, mark.x, mark.y, event, layer, symbol, chosen ? mark.r + 1.5 : mark.r);
  } else drawBadge(ctx, mark);
  ctx.globalAlpha = 1;
}

/** A count inside a ring that shows, by its colours, what it counts. */
function drawBadge(ctx, { x, y, r, items }) {
  const share = new Map();
  for (const one of items) share.set(one.layer, (share.get(one.layer) || 0) + 1);
  ctx.beginPath();
  ctx.arc(x, y, r + 1.5, 0, 2 * Math.PI);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  let from = -Math.PI / 2;
  for (const [layer] of data.layers) {
    const part = ((share.get(layer) || 0) / items.length) * 2 * Math.PI;
    if (!part) continue;
    ctx.beginPath();
    ctx.arc(x, y, r - 2, from, from + part);
    ctx.lineWidth = 4;
    ctx.lineCap = "butt";
    ctx.strokeStyle = colour(layer);
    ctx.stroke();
    from += part;
  }
  ctx.font = `600 ${items.length > 999 ? 10.5 : 12}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.ink;
  const n = items.length;
  ctx.fillText(n > 9999 ? `${Math.round(n / 1000)}k` : String(n), x, y + 0.5);
}

/** What stands under the pointer: {events, mark?}, or null. */
function hitAt(point, marks, shapes, canvas, coarse) {
  let best = null;
  let bestGap = coarse ? 14 : 4;
  for (const mark of marks) {
    const gap = Math.hypot(mark.x - point.x, mark.y - point.y) - mark.r;
    if (gap < bestGap) [best, bestGap] = [mark, gap];
  }
  if (best) return { events: best.events, mark: best };
  for (let i = shapes.length - 1; i >= 0; i -= 1) {
    const { path, events, filled } = shapes[i];
    const width = coarse ? 22 : 12;
    if (filled ? canvas.inside(path, point) : canvas.near(path, point, width)) return { events };
  }
  return null;
}
