// Where the map opens: on the places that the events name precisely, not on countries, launches and outliers.

const PRECISE = 60000; // metres
const KEPT = 0.85; // of the events may not be left out
const MOST_POINTS = 6000; // of more, only each second, third, ... counts
const WORTH = 0.75; // outliers are left out only when that shrinks the view to this
const WITH_FLIGHTS = 2; // the view may grow so many times to show launches and returns

/** The box of most events' precise places, with their launches when these are not too far; null without any. */
function openingBox(found, aspect) {
  const near = [];
  const far = [];
  for (const event of found) {
    const mine = event.features.filter((one) => one.shape !== "area" && one.shape !== "circle" && one.r < PRECISE);
    const main = mine.filter((one) => one.shape === "point" && !["launch", "return", "reference"].includes(one.role));
    for (const one of main) near.push({ x: one.x, y: one.y, box: spread(one, mine), weight: 1 / main.length });
    far.push(...mine.filter((one) => one.shape === "point" && !main.includes(one)));
  }
  if (!near.length) return far.length ? far.map((one) => one.box).reduce(joinBoxes) : null;
  const stride = Math.ceil(near.length / MOST_POINTS);
  const sample = stride > 1 ? near.filter((one, i) => i % stride === 0) : near;
  const size = (box) => Math.max(box[2] - box[0], (box[3] - box[1]) * aspect);
  const all = near.map((one) => one.box).reduce(joinBoxes);
  const most = withoutOutliers(sample, aspect).map((one) => one.box).reduce(joinBoxes);
  let box = size(most) < WORTH * size(all) ? most : all;
  const limit = Math.max(WITH_FLIGHTS * size(box), 0.4);
  for (const one of far) {
    const wider = joinBoxes(box, one.box);
    if (size(wider) <= limit) box = wider;
  }
  return box;
}

/** The box of a place together with the zone or arrow that starts or ends at it. */
function spread(one, mine) {
  return mine.filter((other) => other.x === one.x && other.y === one.y && ["zone", "arrow", "line"].includes(other.shape))
    .reduce((box, other) => joinBoxes(box, other.box), one.box);
}

/** Leaves out, one after the other, the outermost point whose loss shrinks the box most for its weight. */
function withoutOutliers(points, aspect) {
  const left = new Set(points);
  const orders = [["x", 1], ["x", -1], ["y", 1], ["y", -1]].map(([axis, way]) => ({
    axis, at: 0, list: [...points].sort((a, b) => way * (a[axis] - b[axis])),
  }));
  let spare = (1 - KEPT) * points.reduce((sum, one) => sum + one.weight, 0);
  for (;;) {
    let best = null;
    for (const order of orders) {
      const { axis, list } = order;
      while (order.at < list.length && !left.has(list[order.at])) order.at += 1;
      const edge = list[order.at];
      let weight = 0;
      let next = order.at;
      while (next < list.length && (!left.has(list[next]) || Math.abs(list[next][axis] - edge[axis]) < 0.05)) {
        if (left.has(list[next])) weight += list[next].weight;
        if (weight > spare) break;
        next += 1;
      }
      if (next >= list.length || weight > spare) continue;
      const gain = Math.abs(list[next][axis] - edge[axis]) * (axis === "y" ? aspect : 1) / weight;
      if (!best || gain > best.gain) best = { gain, weight, order, next };
    }
    if (!best) return [...left];
    spare -= best.weight;
    for (let i = best.order.at; i < best.next; i += 1) left.delete(best.order.list[i]);
    best.order.at = best.next;
  }
}
