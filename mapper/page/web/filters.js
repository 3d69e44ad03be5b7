// Filters: one checkbox a value, a time window when events have dates, and a search over what events say.

const GROUPS = [
  ["type", "Type"],
  ["side", "Who acts"],
  ["status", "Status"],
  ["modality", "Said to be"],
];

function startFilters() {
  const body = $("[data-filter-groups]");
  const counts = new Map();
  for (const event of store.events) for (const facet of event.facets) counts.set(facet, (counts.get(facet) || 0) + 1);
  for (const [name, title] of GROUPS) {
    const values = [...counts].filter(([facet]) => facet.startsWith(`${name}:`)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (values.length) body.append(filterGroup(name, title, values));
  }
  const dates = store.events.filter((event) => event.first);
  if (dates.length) body.append(timeWindow(dates));
  const search = $("[data-search]");
  search.addEventListener("input", () => {
    store.search = search.value.trim().toLowerCase();
    applyFilters();
  });
  $("[data-reset]").addEventListener("click", () => {
    resetFilters();
    syncFilters();
  });
  if (matchMedia("(max-width: 1080px)").matches) $("[data-filters]").open = false;
  syncFilters();
}

function filterGroup(name, title, values) {
  const boxes = values.map(([facet, number]) => {
    const value = facet.slice(name.length + 1);
    const type = name === "type" ? data.types[value] : null;
    const label = type ? type.label : name === "side" ? (value === "unknown" ? "Not said" : value) : human(value);
    return el("label", { class: "chip" },
      el("input", { type: "checkbox", "data-filter": facet, change: onFilter }),
      type ? symbolNode(type.symbol, type.layer) : null,
      words(label, "chip-text"), el("span", { class: "chip-count" }, number));
  });
  return el("fieldset", {}, el("legend", {}, title), el("div", { class: "chips" }, boxes));
}

function onFilter(change) {
  const box = change.target;
  if (box.checked) store.off.delete(box.dataset.filter);
  else store.off.add(box.dataset.filter);
  applyFilters();
}

function timeWindow(dated) {
  let first = dated[0].first;
  let last = dated[0].last;
  for (const event of dated) {
    if (event.first < first) first = event.first;
    if (event.last > last) last = event.last;
  }
  const input = (which, label) => el("label", { class: "date" }, label,
    el("input", { type: "date", "data-time": which, min: first, max: last, change: (changed) => {
      store[which] = changed.target.value;
      applyFilters();
    } }));
  const undated = store.events.length - dated.length;
  const note = undated ? el("p", { class: "muted" }, `${undated} without a date stay.`) : null;
  return el("fieldset", {}, el("legend", {}, "Time"), el("div", { class: "dates" }, input("from", "From "), input("to", "to ")), note);
}

/** Makes the controls say what the store says, after the hash or a reset changed it. */
function syncFilters() {
  for (const box of document.querySelectorAll("[data-filter]")) box.checked = !store.off.has(box.dataset.filter);
  for (const input of document.querySelectorAll("[data-time]")) input.value = store[input.dataset.time];
  if ($("[data-search]").value.trim().toLowerCase() !== store.search) $("[data-search]").value = store.search;
  for (const box of document.querySelectorAll("[data-layer]")) box.checked = !store.hidden.has(box.dataset.layer);
}
