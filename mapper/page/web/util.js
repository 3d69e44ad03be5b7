// Small helpers. Text from outside becomes text nodes only; nothing here takes HTML.

const SVG = "http://www.w3.org/2000/svg";
const $ = (selector, root = document) => root.querySelector(selector);

/** An element with attributes and children; strings become text nodes. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (typeof value === "function") node.addEventListener(key, value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    node.append(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** A piece of text from outside, kept from turning the direction of what surrounds it. */
function words(text, cls) {
  return el("bdi", { class: cls }, text);
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const human = (word) => (word ? word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " ") : "");
const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Metres as a reader says them: 850 m, 1.4 km, 20 km. */
function length(metres) {
  if (metres < 950) return `${Math.max(10, Math.round(metres / 10) * 10)} m`;
  const km = metres / 1000;
  return `${km < 9.5 ? km.toFixed(1).replace(/\.0$/, "") : Math.round(km)} km`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An ISO date or time as "25 Jun 2022, 14:30". Anything else stays as it is. */
function day(iso, withTime) {
  const found = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T(\d{2}:\d{2}))?/.exec(iso || "");
  if (!found) return iso || "";
  const month = MONTHS[Number(found[2]) - 1] || found[2];
  const date = found[3] ? `${Number(found[3])} ${month} ${found[1]}` : `${month} ${found[1]}`;
  return withTime && found[4] ? `${date}, ${found[4]}` : date;
}

/** The time of an event in words. */
function timeOf(when) {
  if (!when || !when.start) return when && when.text ? `“${when.text}”` : "";
  const exact = when.precision === "minute";
  const start = when.precision === "month" ? day(when.start.slice(0, 7)) : day(when.start, exact);
  const end = when.end && when.precision !== "month" ? day(when.end, exact) : start;
  if (start === end) return start;
  const [from, to] = [start.split(" "), end.split(" ")];
  if (from[2] === to[2] && from.length === 3 && to.length === 3) return `${from[1] === to[1] ? from[0] : `${from[0]} ${from[1]}`}–${end}`;
  return `${start} – ${end}`;
}

const countries = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
const countryName = (code) => countries.of(code);

const POINTS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
const compass = (degrees) => POINTS[Math.round((((degrees % 360) + 360) % 360) / 45) % 8];

/** "5 to 8", "at least 41", "up to 80": a count with its bounds. */
function count(range) {
  const { low, best, high } = range || {};
  if (best !== undefined && (low === undefined || low === best) && (high === undefined || high === best)) return `${best}`;
  if (low !== undefined && high !== undefined) return best === undefined ? `${low} to ${high}` : `${best} (${low} to ${high})`;
  if (high !== undefined) return `up to ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return best === undefined ? "" : `${best}`;
}

/** Calls once a frame however often it is asked. */
function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
