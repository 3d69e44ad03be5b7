// Symbols are paths on a square of -8..8, so that canvas, list and legend draw the same shapes.

const SYMBOLS = {
  missile: "M-5 5 L3 -3 M3 -3 L5.5 -5.5 L4.6 -1.4 Z M3 -3 L-1 -4.6 M3 -3 L4.6 1 M-5 5 L-5.6 2.2 M-5 5 L-2.2 5.6",
  plane: "M0 -6 L0 5.4 M0 -1.6 L-6 2 M0 -1.6 L6 2 M0 4.6 L-2.6 6 M0 4.6 L2.6 6",
  drone: "M-4 -4 L4 4 M4 -4 L-4 4 M-6.2 -4 a2.2 2.2 0 1 0 4.4 0 a2.2 2.2 0 1 0 -4.4 0 M1.8 -4 a2.2 2.2 0 1 0 4.4 0 a2.2 2.2 0 1 0 -4.4 0",
  shell: "M-5.5 5 C-4 -3 1 -6 4 -1 M4 -1 L5.4 3.4 M4 -1 L0.6 1.6",
  burst: "M0 -6 L1.5 -1.7 L6 -2.4 L2.6 0.8 L4.4 5 L0 2.8 L-4.4 5 L-2.6 0.8 L-6 -2.4 L-1.5 -1.7 Z",
  launch: "M0 6 L0 -5.5 M-3.6 -2 L0 -6 L3.6 -2 M-3.5 6 L3.5 6",
  shield: "M0 -6 L5 -4 L5 0 C5 3.4 2.6 5.2 0 6.2 C-2.6 5.2 -5 3.4 -5 0 L-5 -4 Z",
  cross: "M-5 -5 L5 5 M5 -5 L-5 5",
  assault: "M-5.5 0 L4.6 0 M0.6 -4.4 L5 0 L0.6 4.4",
  repelled: "M-6 0 L1.4 0 M-2 -3.8 L1.8 0 L-2 3.8 M5 -5.5 L5 5.5",
  advance: "M-5.5 4 L3.6 -3.4 M-1.4 -4.6 L4.6 -4.4 L4 1.6",
  encircle: "M4.6 3.2 A5.6 5.6 0 1 1 4.9 -2.7 M5.4 -6 L5.2 -2.4 L1.6 -2.8 M-0.8 0 L0.8 0",
  flag: "M-4 6.4 L-4 -6 L5 -3 L-4 0.4",
  withdraw: "M5.5 3.4 L-1 3.4 A3.6 3.6 0 0 1 -1 -3.8 L5 -3.8 M1.8 -6.6 L5 -3.8 L1.8 -1",
  people: "M-3 -3.2 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M-6.4 5.4 C-6 1.4 0 1.4 0.4 5.4 M3.6 -2 m-1.7 0 a1.7 1.7 0 1 0 3.4 0 a1.7 1.7 0 1 0 -3.4 0 M3 2.2 C5 1.8 6.4 3 6.6 5.4",
  deploy: "M-5 -3.6 L5 -3.6 L5 3.6 L-5 3.6 Z M-5 -3.6 L5 3.6 M5 -3.6 L-5 3.6",
  lock: "M-4.4 -0.6 L4.4 -0.6 L4.4 5.6 L-4.4 5.6 Z M-2.8 -0.6 L-2.8 -3 A2.8 2.8 0 0 1 2.8 -3 L2.8 -0.6",
  person: "M0 -3.6 m-2.3 0 a2.3 2.3 0 1 0 4.6 0 a2.3 2.3 0 1 0 -4.6 0 M-4.4 6 C-4 0.6 4 0.6 4.4 6",
  bolt: "M1.4 -6.4 L-4 1 L-0.4 1 L-1.6 6.4 L4 -1.4 L0.4 -1.4 Z",
  pause: "M-2.6 -5 L-2.6 5 M2.6 -5 L2.6 5",
  eye: "M-6.4 0 C-3.4 -5 3.4 -5 6.4 0 C3.4 5 -3.4 5 -6.4 0 Z M0 0 m-1.7 0 a1.7 1.7 0 1 0 3.4 0 a1.7 1.7 0 1 0 -3.4 0",
  dot: "M0 0 m-2.4 0 a2.4 2.4 0 1 0 4.8 0 a2.4 2.4 0 1 0 -4.8 0",
};
const PATHS = Object.fromEntries(Object.entries(SYMBOLS).map(([name, path]) => [name, new Path2D(path)]));
const LAYER_SYMBOL = { strikes: "burst", launches: "launch", advances: "advance", withdrawals: "withdraw", other: "dot" };

/** Not carried through, or not said to have happened: drawn hollow. */
const isHollow = (event) => ["attempted", "planned", "hypothetical", "negated"].includes(event.modality);
/** Its truth is contested: drawn with a broken edge. */
const isContested = (event) => ["disputed", "denied"].includes(event.status);

/** The colours of the page's theme, read again when the theme changes. */
const theme = {};
function readTheme() {
  const css = getComputedStyle(document.documentElement);
  for (const name of [
    "sea", "land", "land-far", "coast", "border", "region", "river", "label", "label-halo", "water", "city", "paper", "ink", "focus",
    "c-strikes", "c-launches", "c-advances", "c-withdrawals", "c-other", "c-distances", "c-places", "c-uncertainty",
  ]) theme[name] = css.getPropertyValue(`--${name}`).trim();
}
const colour = (layer) => theme[`c-${layer}`] || theme["c-other"];

/** Draws one event's symbol on a canvas, centred on (x, y). */
function paintSymbol(ctx, x, y, event, layer, symbol, radius) {
  const tint = colour(layer);
  const hollow = isHollow(event);
  ctx.beginPath();
  ctx.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = hollow ? theme.paper : tint;
  ctx.fill();
  ctx.lineWidth = 1.8;
  ctx.strokeStyle = tint;
  if (hollow) ctx.stroke();
  if (isContested(event)) {
    ctx.beginPath();
    ctx.arc(x, y, radius + 2.8, 0, 2 * Math.PI);
    ctx.setLineDash([3, 2.4]);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.save();
  ctx.translate(x, y);
  const scale = (radius * 0.66) / 6.4;
  ctx.scale(scale, scale);
  ctx.lineWidth = 1.7 / scale;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.strokeStyle = hollow ? tint : theme.paper;
  ctx.stroke(PATHS[symbol] || PATHS.dot);
  ctx.restore();
}

/** The same symbol as an element for the list and the legend; decoration, so hidden from readers. */
function symbolNode(symbol, layer, event) {
  const hollow = event && isHollow(event);
  const contested = event && isContested(event);
  const classes = `symbol layer-${layer}${hollow ? " hollow" : ""}${contested ? " contested" : ""}`;
  const node = svg("svg", { viewBox: "-13 -13 26 26", class: classes, "aria-hidden": "true", focusable: "false" });
  node.append(svg("circle", { r: 10, class: "symbol-disc" }));
  if (contested) node.append(svg("circle", { r: 12, class: "symbol-edge" }));
  node.append(svg("path", { d: SYMBOLS[symbol] || SYMBOLS.dot, class: "symbol-path" }));
  return node;
}
