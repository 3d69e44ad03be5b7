// The list of events. Only the rows in view exist, so a list of 50,000 is as light as one of 20.

const ROW = 66;
const AHEAD = 6;
const rows = new Map(); // index in store.shown -> element
let cursor = 0; // the row that the keyboard is on

function startList() {
  const list = $("[data-list]");
  list.addEventListener("scroll", oncePerFrame(fillRows), { passive: true });
  list.addEventListener("click", (click) => {
    const row = click.target.closest("[data-event]");
    if (row) choose(Number(row.dataset.row));
  });
  list.addEventListener("keydown", onListKey);
  list.addEventListener("focus", () => {
    const row = rows.get(cursor) || rows.values().next().value;
    if (row) row.focus({ preventScroll: true });
  });
  new ResizeObserver(oncePerFrame(fillRows)).observe(list);
  on("shown", refreshList);
  on("selected", () => {
    const index = store.selected ? store.shown.indexOf(store.selected) : -1;
    if (index >= 0) {
      cursor = index;
      reveal(index);
    }
    markRows();
  });
}

function choose(index) {
  cursor = index;
  const event = store.shown[index];
  if (event) select(event, { fly: true });
}

function onListKey(key) {
  const page = Math.max(1, Math.floor($("[data-list]").clientHeight / ROW) - 1);
  const last = store.shown.length - 1;
  const moves = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page, Home: 0, End: last };
  const row = key.target.closest("[data-event]");
  if (row) cursor = Number(row.dataset.row);
  if (key.key === "Enter" || key.key === " ") choose(cursor);
  else if (key.key in moves) {
    cursor = clamp({ ...moves, ArrowDown: cursor + 1, ArrowUp: cursor - 1 }[key.key], 0, Math.max(0, last));
    reveal(cursor);
    fillRows();
    if (rows.get(cursor)) rows.get(cursor).focus({ preventScroll: true });
  } else return;
  key.preventDefault();
}

/** Scrolls so that a row is wholly in view. */
function reveal(index) {
  const list = $("[data-list]");
  const top = index * ROW;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
  fillRows();
}

function refreshList() {
  const space = $("[data-list-space]");
  space.style.height = `${store.shown.length * ROW}px`;
  space.replaceChildren();
  rows.clear();
  cursor = Math.max(0, store.selected ? store.shown.indexOf(store.selected) : 0);
  $("[data-empty]").hidden = store.shown.length > 0;
  $("[data-shown]").textContent = String(store.shown.length);
  const total = store.events.length;
  const noun = total === 1 ? "event" : "events";
  $("[data-total]").textContent = store.shown.length === total ? noun : `of ${total} ${noun}`;
  $("[data-reset]").hidden = !isFiltered();
  fillRows();
}

function fillRows() {
  const list = $("[data-list]");
  const space = $("[data-list-space]");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - AHEAD);
  const last = Math.min(store.shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + AHEAD);
  for (const [index, row] of rows) {
    if (index >= first && index < last) continue;
    row.remove();
    rows.delete(index);
  }
  for (let index = first; index < last; index += 1) {
    if (rows.has(index)) continue;
    const row = rowFor(store.shown[index], index);
    rows.set(index, row);
    const after = rows.get(index + 1);
    space.insertBefore(row, after || null);
  }
  markRows();
}

function rowFor(event, index) {
  const where = placeTitle(event);
  const when = timeOf(event.when);
  const state = [event.modality !== "actual" && event.modality, event.status === "disputed" && "disputed", event.status === "denied" && "denied",
    event.outcome !== "unknown" && event.outcome !== "success" && event.outcome].filter(Boolean);
  const row = el("div", {
    class: "row", role: "option", "data-event": event.id, "data-row": index, tabindex: "-1",
    "aria-setsize": store.shown.length, "aria-posinset": index + 1,
  },
  symbolNode(event.symbol, event.layer, event),
  el("div", { class: "row-text" },
    el("p", { class: "row-head" }, el("strong", {}, event.label), where ? [" · ", words(where)] : el("span", { class: "muted" }, " · no place")),
    el("p", { class: "row-meta" }, words([actorLine(event), when].filter(Boolean).join(" · ") || event.quote)),
    state.length ? el("p", { class: "row-state" }, state.map((one) => el("span", { class: `mini state-${one}` }, human(one)))) : el("p", { class: "row-quote" }, words(event.quote))));
  row.style.top = `${index * ROW}px`;
  return row;
}

function markRows() {
  const chosen = store.selected ? store.shown.indexOf(store.selected) : -1;
  for (const [index, row] of rows) {
    row.setAttribute("aria-selected", index === chosen ? "true" : "false");
    row.tabIndex = index === cursor ? 0 : -1;
  }
}
