// A canvas that Leaflet moves and zooms with the map, and that calls us to draw in world coordinates.

const CanvasLayer = L.Renderer.extend({
  initialize(draw, options) {
    this._paint = draw;
    L.Renderer.prototype.initialize.call(this, { padding: 0.15, ...options });
    this.redraw = oncePerFrame(() => this._map && this._draw());
  },
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._ctx = this._container.getContext("2d");
  },
  _destroyContainer() {
    this._container.remove();
    this._ctx = null;
  },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    this._ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = Math.round(size.x * this._ratio);
    this._container.height = Math.round(size.y * this._ratio);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._draw();
  },
  _draw() {
    const { min, max } = this._bounds;
    const scale = 2 ** this._zoom;
    const origin = this._map._getNewPixelOrigin(this._center, this._zoom);
    const view = {
      scale,
      zoom: this._zoom,
      x: (wx) => wx * scale - origin.x,
      y: (wy) => wy * scale - origin.y,
      left: min.x,
      top: min.y,
      right: max.x,
      bottom: max.y,
      box: [(min.x + origin.x) / scale, (min.y + origin.y) / scale, (max.x + origin.x) / scale, (max.y + origin.y) / scale],
      ratio: this._ratio,
      seen: this._seen(min, max),
    };
    const ctx = this._ctx;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this._container.width, this._container.height);
    ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
    this._paint(ctx, view);
    this.view = view;
  },
  /** The part of the canvas that the reader sees before moving the map, in layer pixels. */
  _seen(min, max) {
    const size = this._map.getSize();
    const pad = [(max.x - min.x - size.x) / 2, (max.y - min.y - size.y) / 2];
    return [min.x + pad[0], min.y + pad[1], max.x - pad[0], max.y - pad[1]];
  },
  /** Whether a point of the layer lies in a path that was drawn. */
  inside(path, point) {
    const { min } = this._bounds;
    return this._ctx.isPointInPath(path, (point.x - min.x) * this._ratio, (point.y - min.y) * this._ratio, "evenodd");
  },
  near(path, point, width) {
    const { min } = this._bounds;
    this._ctx.lineWidth = width;
    return this._ctx.isPointInStroke(path, (point.x - min.x) * this._ratio, (point.y - min.y) * this._ratio);
  },
});

/** Adds a flat world path to a Path2D in the view's pixels. */
function trace(target, path, view, close) {
  for (let i = 0; i < path.length; i += 2) {
    const x = view.x(path[i]);
    const y = view.y(path[i + 1]);
    if (i === 0) target.moveTo(x, y);
    else target.lineTo(x, y);
  }
  if (close) target.closePath();
}
