// Layers and legend in one: each layer's symbol, its switch, and how uncertainty is drawn.

const HINT = {
  strikes: "missiles, aircraft, drones, artillery, explosions",
  launches: "from the launch to each target; dotted: the way back",
  advances: "arrows end where the move ends",
  withdrawals: "troops and civilians who leave",
  other: "clashes, interceptions, damage, arrests and the rest",
  distances: "sector, ring or corridor that the words describe",
  places: "every place that the text names",
  uncertainty: "the true point lies in this circle",
};

function startLegend() {
  const body = $("[data-layers]");
  const counts = new Map();
  for (const event of store.events) {
    for (const layer of new Set(event.features.map((one) => one.layer))) counts.set(layer, (counts.get(layer) || 0) + 1);
  }
  counts.set("places", data.places.length);
  for (const [layer, label] of data.layers) body.append(layerRow(layer, label, counts.get(layer) || 0));
  $("[data-keys]").append(
    key("hollow", "attempted or planned"),
    key("contested", "disputed or denied"),
    key("hatched", "somewhere in this region"));
  const list = $("[data-attribution]");
  for (const line of data.attribution) list.append(el("li", {}, line));
}

function layerRow(layer, label, number) {
  return el("label", { class: number ? "layer" : "layer none", title: HINT[layer] || "" },
    el("input", { type: "checkbox", "data-layer": layer, checked: true, change: (change) => {
      if (change.target.checked) store.hidden.delete(layer);
      else store.hidden.add(layer);
      tell("layers");
      writeHash();
    } }),
    sample(layer), el("span", { class: "layer-name" }, label), el("span", { class: "chip-count" }, number));
}

function sample(layer) {
  if (LAYER_SYMBOL[layer]) return symbolNode(LAYER_SYMBOL[layer], layer);
  const node = svg("svg", { viewBox: "-13 -13 26 26", class: `symbol sample-${layer}`, "aria-hidden": "true", focusable: "false" });
  if (layer === "distances") node.append(svg("path", { d: "M-3 9 L-9 -4 A14 14 0 0 1 9 -4 L3 9 A4 4 0 0 0 -3 9 Z" }));
  if (layer === "uncertainty") node.append(svg("circle", { r: 9 }));
  if (layer === "places") node.append(svg("circle", { r: 3.6 }));
  return node;
}

function key(kind, label) {
  const node = svg("svg", { viewBox: "-13 -13 26 26", class: "symbol layer-other", "aria-hidden": "true", focusable: "false" });
  if (kind === "hatched") {
    node.setAttribute("class", "symbol sample-hatched");
    node.append(svg("path", { d: "M-9 -7 L9 -7 L9 7 L-9 7 Z" }), svg("path", { d: "M-9 2 L0 -7 M-6 7 L8 -7 M2 7 L9 0" }));
  } else {
    node.classList.add(kind);
    node.append(svg("circle", { r: 8, class: "symbol-disc" }));
    if (kind === "contested") node.append(svg("circle", { r: 11, class: "symbol-edge" }));
  }
  return el("p", { class: "key" }, node, el("span", {}, label));
}
