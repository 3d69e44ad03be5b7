// A magnifier: when most events crowd into a small part of the view, that part stands enlarged in a free corner.

const SIZES = [[390, 340], [318, 300], [280, 240]];
const INSET = { least: 620, part: 0.13, events: 5, share: 0.3, gain: 0.8 };
const inset = { box: null, spot: null }; // what it shows in the world, and where it stands in the map's pixels

/** The crowded part of a view as a world box, or null: {box, events}. */
function crowd(view, found) {
  const wide = view.seen[2] - view.seen[0];
  if (store.selected || wide < INSET.least || found.length > 400 || !found.some((mark) => mark.items && !mark.same)) return null;
  const seen = found.filter(({ x, y }) => x > view.seen[0] && x < view.seen[2] && y > view.seen[1] && y < view.seen[3]);
  const reach = (INSET.part * wide) / 2;
  let best = null;
  for (const middle of seen) {
    const near = seen.filter((mark) => Math.abs(mark.x - middle.x) < reach && Math.abs(mark.y - middle.y) < reach);
    const here = new Set(near.flatMap((mark) => mark.events));
    const off = near.reduce((sum, mark) => sum + Math.hypot(mark.x - middle.x, mark.y - middle.y), 0);
    if (!best || here.size > best.here.size || (here.size === best.here.size && off < best.off)) best = { here, near, off };
  }
  const total = new Set(seen.flatMap((mark) => mark.events)).size;
  if (!best || best.here.size < INSET.events || best.here.size < INSET.share * total) return null;
  const small = ({ box }) => (box[2] - box[0]) * view.scale < INSET.part * wide;
  const boxes = best.near.flatMap((mark) => (mark.items || [mark.one])).flatMap((one) => [one.box, ...one.event.features.filter((other) => other.shape !== "area" && other.shape !== "circle" && small(other) && meet(other.box, one.box)).map((other) => other.box)]);
  return boxes.reduce(joinBoxes);
}

/** A view of a box for a canvas of its own, as CanvasLayer makes one for the map. */
function viewOf(box, width, height) {
  const pad = 26;
  const fit = Math.min((width - 2 * pad) / Math.max(box[2] - box[0], 1e-6), (height - 2 * pad) / Math.max(box[3] - box[1], 1e-6));
  const zoom = Math.min(10.5, Math.log2(fit));
  const scale = 2 ** zoom;
  const left = ((box[0] + box[2]) / 2) * scale - width / 2;
  const top = ((box[1] + box[3]) / 2) * scale - height / 2;
  return {
    scale, zoom, x: (wx) => wx * scale - left, y: (wy) => wy * scale - top, left: 0, top: 0, right: width, bottom: height,
    box: [left / scale, top / scale, (left + width) / scale, (top + height) / scale],
    ratio: Math.min(window.devicePixelRatio || 1, 2), seen: [0, 0, width, height], dense: true,
  };
}

/** Shows the magnifier for a view of the map, or hides it; returns the frame of what it shows, in the map's pixels. */
function updateInset(view, found) {
  const node = $("[data-inset]");
  const box = crowd(view, found);
  let near = null;
  let corner = null;
  for (const [width, height] of box ? SIZES : []) {
    near = viewOf(box, width, height);
    corner = near.zoom > view.zoom + INSET.gain && width < 0.5 * (view.seen[2] - view.seen[0]) ? freeCorner(view, found, near) : null;
    if (corner) break;
  }
  node.hidden = !corner;
  inset.box = corner ? near.box : null;
  if (!corner) return null;
  inset.spot = [corner[0], corner[1], corner[0] + near.right, corner[1] + near.bottom];
  node.style.left = `${corner[0] - view.seen[0]}px`;
  node.style.top = `${corner[1] - view.seen[1]}px`;
  const canvas = $("canvas", node);
  canvas.width = near.right * near.ratio;
  canvas.height = near.bottom * near.ratio;
  canvas.style.width = `${near.right}px`;
  canvas.style.height = `${near.bottom}px`;
  const ctx = canvas.getContext("2d");
  ctx.setTransform(near.ratio, 0, 0, near.ratio, 0, 0);
  drawBasemap(ctx, near);
  paintOn(ctx, near, layoutPoints(near), []);
  return [view.x(near.box[0]), view.y(near.box[1]), view.x(near.box[2]), view.y(near.box[3])];
}

/** The corner of the map where the magnifier hides no symbol, or null. */
function freeCorner(view, found, near) {
  const [x0, y0, x1, y1] = view.seen;
  const { right: width, bottom: height, box } = near;
  const frame = [view.x(box[0]), view.y(box[1]), view.x(box[2]), view.y(box[3])];
  const spots = [[x1 - width - 56, y0 + 12], [x0 + 12, y0 + 12], [x0 + 12, y1 - height - 40], [x1 - width - 12, y1 - height - 44]];
  const free = ([x, y]) => !meet([x, y, x + width, y + height], frame)
    && !found.some((mark) => mark.x > x - 16 && mark.x < x + width + 16 && mark.y > y - 16 && mark.y < y + height + 16);
  return spots.find(free) || null;
}

function startInset() {
  $("[data-inset]").addEventListener("click", () => {
    if (inset.box) showBox(inset.box, 11, true);
  });
}
