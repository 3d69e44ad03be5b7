// A short list, when one symbol stands for several events at one place.

const MOST_PICKS = 200;

function showPick(found, point) {
  const box = $("[data-pick]");
  const many = [...new Set(found)];
  const row = (event) => el("li", {}, el("button", { type: "button", "data-pick-event": event.id, click: () => {
    hidePick();
    select(event, { fly: false });
  } }, symbolNode(event.symbol, event.layer, event), el("span", {}, el("strong", {}, event.label), " ", words([actorLine(event), timeOf(event.when)].filter(Boolean).join(" · ") || placeTitle(event)))));
  const rest = many.length > MOST_PICKS ? el("p", { class: "muted" }, `and ${many.length - MOST_PICKS} more: zoom in or filter`) : null;
  box.replaceChildren(el("p", { class: "pick-head" }, `${many.length} events here`), el("ul", {}, many.slice(0, MOST_PICKS).map(row)), rest || "");
  box.hidden = false;
  const size = map.getSize();
  box.style.left = `${clamp(point.x + 12, 8, Math.max(8, size.x - box.offsetWidth - 8))}px`;
  box.style.top = `${clamp(point.y - 20, 8, Math.max(8, size.y - box.offsetHeight - 8))}px`;
  $("button", box).focus({ preventScroll: true });
}

function hidePick() {
  $("[data-pick]").hidden = true;
}

function startPick() {
  $("[data-pick]").addEventListener("keydown", (key) => {
    const buttons = [...document.querySelectorAll("[data-pick] button")];
    const at = buttons.indexOf(document.activeElement);
    if (key.key === "ArrowDown" || key.key === "ArrowUp") {
      key.preventDefault();
      buttons[clamp(at + (key.key === "ArrowDown" ? 1 : -1), 0, buttons.length - 1)].focus();
    } else if (key.key === "Escape") {
      key.stopPropagation();
      hidePick();
    }
  });
  map.on("movestart zoomstart", hidePick);
  on("shown", hidePick);
  on("selected", hidePick);
}
