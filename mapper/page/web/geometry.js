// World coordinates: Web Mercator at zoom 0, where the world is 256 units wide. A view scales them by 2^zoom.

const WORLD = 256;
const LAT_LIMIT = 85.05;
let turned = false; // the map crosses the antimeridian: western longitudes stand east of 180

const turn = (lon) => (turned && lon < 0 ? lon + 360 : lon);
const worldX = (lon) => ((lon + 180) / 360) * WORLD;
function worldY(lat) {
  const sine = Math.sin((clamp(lat, -LAT_LIMIT, LAT_LIMIT) * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
}
/** World units of one metre at a latitude. */
const perMetre = (lat) => WORLD / (40075016.7 * Math.cos((clamp(lat, -84, 84) * Math.PI) / 180));

/** Flat differences of whole steps -> flat world coordinates, with their box. */
function decode(flat, quantum, turning) {
  const path = new Float64Array(flat.length);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  let x = 0;
  let y = 0;
  for (let i = 0; i < flat.length; i += 2) {
    x += flat[i];
    y += flat[i + 1];
    const lon = x * quantum;
    path[i] = worldX(turning ? turn(lon) : lon);
    path[i + 1] = worldY(y * quantum);
    box[0] = Math.min(box[0], path[i]);
    box[1] = Math.min(box[1], path[i + 1]);
    box[2] = Math.max(box[2], path[i]);
    box[3] = Math.max(box[3], path[i + 1]);
  }
  return { path, box };
}

/** Flat differences -> [[lon, lat], ...] as they were, for the exports. */
function degrees(flat, quantum) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < flat.length; i += 2) {
    x += flat[i];
    y += flat[i + 1];
    points.push([Number((x * quantum).toFixed(5)), Number((y * quantum).toFixed(5))]);
  }
  return points;
}

const joinBoxes = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
const meet = (a, b) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** A world box as Leaflet bounds. */
function latLngBounds(box) {
  const unproject = (x, y) => {
    const n = Math.PI - (2 * Math.PI * y) / WORLD;
    return [(180 / Math.PI) * Math.atan(0.5 * (Math.exp(n) - Math.exp(-n))), (x / WORLD) * 360 - 180];
  };
  return L.latLngBounds(unproject(box[0], box[3]), unproject(box[2], box[1]));
}
