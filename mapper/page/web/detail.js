// The card of the selected event: what, who, where and how surely, who says so, and the sentence it was read from.

const ROLE = {
  target: "At", origin: "From", destination: "To", route: "Along", launch: "Launched from", return: "Returned to",
  reference: "Measured from", waypoint: "By way of",
};
const AWAY = new Set(["offset", "direction", "distance", "between", "along", "toward"]);
const STANCE = { asserts: "says so", denies: "denies it", doubts: "doubts it", reports: "reports it" };

function placeTitle(event) {
  const where = event.where || [];
  const main = where.find((p) => p.role === "target" || p.role === "destination") || where[0];
  if (!main) return "";
  const name = main.name || main.said || "";
  const loose = AWAY.has(main.relation) && main.text;
  const more = where.filter((p) => p.role === main.role).length - 1;
  const text = loose ? main.text : name;
  return more > 0 ? `${text} and ${more} more` : text;
}

/** The title of an event in the list and the card: who did it, and to whom. */
function actorLine(event) {
  const who = event.who && (event.who.side || event.who.text);
  const whom = event.whom && (event.whom.side || event.whom.text);
  if (who && whom) return `${who} → ${whom}`;
  return who || (whom ? `against ${whom}` : "");
}

function showDetail(event) {
  const card = $("[data-detail]");
  card.hidden = !event;
  if (!event) return card.replaceChildren();
  const index = store.shown.indexOf(event);
  card.replaceChildren(
    el("div", { class: "detail-head" },
      symbolNode(event.symbol, event.layer, event),
      el("div", { class: "detail-title" }, el("h2", {}, event.label), el("p", { dir: "auto" }, placeTitle(event) || "no place given")),
      el("button", { type: "button", class: "icon", "aria-label": "Previous event", disabled: index <= 0, click: () => step(-1) }, "‹"),
      el("button", { type: "button", class: "icon", "aria-label": "Next event", disabled: index < 0 || index >= store.shown.length - 1, click: () => step(1) }, "›"),
      el("button", { type: "button", class: "icon", "aria-label": "Close", "data-close": true, click: () => select(null) }, "×"),
    ),
    el("div", { class: "detail-body" },
      tagLine(event),
      evidence(event),
      facts(event),
      claims(event),
      places(event),
      reports(event),
      origin(event),
    ),
  );
  card.scrollTop = 0;
}

function step(by) {
  const next = store.shown[store.shown.indexOf(store.selected) + by];
  if (next) select(next, { fly: true });
}

function tagLine(event) {
  const found = tags(event).filter(Boolean);
  return found.length ? el("p", { class: "tags" }, found) : null;
}

function tags(event) {
  const tag = (kind, value) => value && value !== "unknown" && el("span", { class: `tag ${kind}-${value}` }, human(value));
  const modality = event.modality === "actual" ? null : event.modality;
  return [tag("status", event.status), tag("modality", modality), tag("outcome", event.outcome)];
}

function evidence(event) {
  const quote = el("blockquote", { dir: "auto" }, event.quote);
  return el("div", { class: "evidence" }, quote);
}

function fact(name, ...value) {
  return value.some(Boolean) ? [el("dt", {}, name), el("dd", { dir: "auto" }, ...value)] : [];
}

/** ", Gezira, Sudan" from the region and the country's code. */
function inside(place) {
  return place.in ? `, ${place.in.split(", ").map((part) => (/^[A-Z]{2}$/.test(part) ? countryName(part) : part)).join(", ")}` : "";
}

const actor = (one) => one && (one.side && one.text && one.text !== one.side ? `${one.text} (${one.side})` : one.side || one.text);

function facts(event) {
  const weapons = (event.weapons || []).map((w) => (w.count === undefined ? w.text : `${w.count} × ${w.text}`)).join(", ");
  const move = event.move && [
    event.move.distance_m !== undefined && length(event.move.distance_m),
    event.move.bearing_deg !== undefined && `to the ${compass(event.move.bearing_deg)}`,
  ].filter(Boolean).join(" ");
  return el("dl", { class: "facts" },
    fact("When", timeOf(event.when)),
    fact("Who", actor(event.who)),
    fact("Against", actor(event.whom)),
    fact("Weapons", weapons),
    fact("Killed", count(event.killed)),
    fact("Injured", count(event.injured)),
    fact("Movement", move),
    fact("Certainty", meter(event.confidence)),
  );
}

function meter(value) {
  if (value === undefined) return null;
  const node = el("meter", { min: 0, max: 1, value, "aria-label": "Certainty" });
  return el("span", { class: "sure" }, node, ` ${Math.round(value * 100)}%`);
}

function claims(event) {
  if (!event.claims) return null;
  const row = (claim) => el("li", { class: `claim stance-${claim.stance}`, dir: "auto" },
    el("strong", {}, claim.speaker || claim.side || "Someone"),
    claim.side && claim.speaker && claim.side !== claim.speaker ? ` (${claim.side})` : "",
    " ", el("span", { class: "stance" }, STANCE[claim.stance] || claim.stance),
    claim.text && claim.text !== event.quote ? el("q", {}, claim.text) : null);
  return el("section", {}, el("h3", {}, "Who says so"), el("ul", { class: "claims" }, event.claims.map(row)));
}

function places(event) {
  if (!event.where) return el("p", { class: "muted" }, "The text gives no place that could be found; the event stands in the list only.");
  const row = (place) => {
    const away = AWAY.has(place.relation) && place.text;
    const named = place.name || place.said;
    const how = [
      away && named && `${named}${inside(place)}`,
      !away && place.text && place.text !== named && `“${place.text}”`,
      place.said && place.name && place.said !== place.name && `written “${place.said}”`,
      `within ${length(place.r)}`,
      place.method || (place.relation !== "at" && place.relation),
    ];
    return el("li", { dir: "auto" },
      el("span", { class: "role" }, ROLE[place.role] || human(place.role)), " ",
      el("strong", {}, away ? place.text : named || place.text || "a point"),
      away ? null : el("span", { class: "muted" }, inside(place)),
      el("span", { class: "how" }, how.filter(Boolean).join(" · ")));
  };
  const same = (a, b) => ["role", "name", "text", "relation", "lat", "lon"].every((key) => a[key] === b[key]);
  const once = event.where.filter((place, i) => event.where.findIndex((other) => same(place, other)) === i);
  return el("section", {}, el("h3", {}, "Where"), el("ul", { class: "places" }, once.map(row)));
}

/** Which document says so, when the page holds several. */
function origin(event) {
  if (data.docs.length < 2) return null;
  const doc = data.docs[event.doc];
  const name = doc.title || doc.id;
  const link = doc.url && /^https?:\/\//.test(doc.url);
  return el("section", {}, el("h3", {}, "Source"),
    el("p", { dir: "auto" }, link ? el("a", { href: doc.url, target: "_blank", rel: "noopener noreferrer" }, name) : name,
      doc.date ? ` · ${day(doc.date)}` : ""));
}

/** What other documents say of the same event. */
function reports(event) {
  if (!event.reports) return null;
  const row = (one) => {
    const doc = data.docs.find((other) => other.id === one.doc);
    return el("li", { dir: "auto" }, el("strong", {}, (doc && doc.title) || one.doc), " ", el("q", {}, one.quote));
  };
  return el("section", { "data-reports": true }, el("h3", {}, "Also reported by"), el("ul", { class: "claims" }, event.reports.map(row)));
}
