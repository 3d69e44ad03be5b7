// The article beside the map: its event sentences select events, its names show their places.

function startArticle() {
  const docs = data.docs.filter((doc) => doc.article);
  const doc = docs.length === 1 ? docs[0] : null;
  notes(doc || (data.docs.length === 1 ? data.docs[0] : null));
  if (!doc) return;
  $("[data-app]").classList.add("with-reader");
  $("[data-reader]").hidden = false;
  $("[data-reader-title]").textContent = doc.title || "Article";
  const body = $("[data-article]");
  write(body, doc.article, doc);
  body.addEventListener("click", (click) => follow(click.target, doc));
  body.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && key.target.matches("[data-quote]")) follow(key.target, doc);
  });
  on("selected", (options) => showQuote(options));
  on("shown", () => {
    const shown = new Set(store.shown.map((event) => event.id));
    for (const node of body.querySelectorAll("[data-quote]")) node.classList.toggle("dim", !shown.has(node.dataset.quote));
  });
}

/** Writes the tree of strings and [kind, id, children] nodes; strings only ever become text. */
function write(parent, nodes, doc) {
  for (const node of nodes) {
    if (typeof node === "string") {
      parent.append(node);
      continue;
    }
    const [kind, id, children] = node;
    parent.append(kind === "m" ? mention(id, children, doc) : sentence(id, children, doc));
  }
}

function mention(id, children, doc) {
  const known = doc.mentions[id] || {};
  const found = known.lat !== undefined;
  const title = found
    ? `${known.name}${inside(known)} (${known.match || "found"}, within ${length(known.r)})`
    : "Not found in the gazetteer";
  const node = el("mark", { "data-mention": id, title, class: found ? (known.pinned ? "" : "unpinned") : "unresolved" });
  write(node, children, doc);
  return node;
}

function sentence(id, children, doc) {
  const event = store.byId.get(id);
  const node = el("span", { "data-quote": id, tabindex: "0", role: "button", class: `layer-${event ? event.layer : "other"}` });
  write(node, children, doc);
  return node;
}

/** A click in the text: the innermost sentence that is not selected yet, so repeated clicks go through all. */
function follow(target, doc) {
  if (getSelection() && String(getSelection())) return;
  const chain = [];
  for (let node = target.closest("[data-quote]"); node; node = node.parentElement.closest("[data-quote]")) chain.push(node.dataset.quote);
  if (chain.length) {
    const at = store.selected ? chain.indexOf(store.selected.id) : -1;
    select(store.byId.get(chain[(at + 1) % chain.length]), { fly: true, from: "article" });
    return;
  }
  const mark = target.closest("[data-mention]");
  const known = mark && doc.mentions[mark.dataset.mention];
  if (known && known.lat !== undefined) goTo(known);
}

function showQuote({ from } = {}) {
  const body = $("[data-article]");
  for (const node of body.querySelectorAll(".chosen")) node.classList.remove("chosen");
  if (!store.selected) return;
  const mine = [...body.querySelectorAll("[data-quote]")].filter((node) => node.dataset.quote === store.selected.id);
  for (const node of mine) node.classList.add("chosen");
  if (!mine.length || from === "article") return;
  const inside = mine[0].getBoundingClientRect();
  const frame = body.getBoundingClientRect();
  if (inside.top < frame.top || inside.bottom > frame.bottom) {
    body.scrollTop += inside.top - frame.top - Math.max(24, (frame.height - inside.height) / 3);
  }
}

/** Names that were not found, warnings, documents that failed: shown, never swallowed. */
function notes(doc) {
  const box = $("[data-notes]");
  const missing = data.docs.flatMap((one) => one.unresolved || []);
  const warned = data.docs.flatMap((one) => one.warnings || []);
  const failed = data.docs.filter((one) => one.error);
  const names = [...new Set(missing)];
  const part = (title, lines) => lines.length
    ? el("details", { class: "note" }, el("summary", {}, `${title} (${lines.length})`), el("ul", {}, lines.slice(0, 200).map((line) => el("li", { dir: "auto" }, line))))
    : null;
  const parts = [part("Names not found", names), part("Warnings", warned), part("Documents that failed", failed.map((one) => `${one.id}: ${one.error}`))];
  box.replaceChildren(...parts.filter(Boolean));
  if (!doc || !doc.article) $(".side").append(box);
}
