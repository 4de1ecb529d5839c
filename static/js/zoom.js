// Enlarge a picture in its place: by buttons, wheel, two fingers or + - 0, and move it by dragging or the arrows.
const LARGEST = 8;
const STEP = 1.4;
const KEYS = { "+": "in", "=": "in", "-": "out", 0: "whole" };
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function enlarge(figure) {
  const frame = figure.querySelector(".zoom-frame");
  const image = frame.querySelector("img");
  const fingers = new Map();
  let [scale, x, y, moved] = [1, 0, 0, false];

  function show() {
    const [width, height] = [frame.clientWidth, frame.clientHeight];
    x = Math.min(0, Math.max(width * (1 - scale), x));
    y = Math.min(0, Math.max(height * (1 - scale), y));
    image.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    frame.dataset.state = scale === 1 ? "whole" : "enlarged";
  }

  function zoom(factor, [left, top] = [frame.clientWidth / 2, frame.clientHeight / 2]) {
    const next = Math.min(LARGEST, Math.max(1, scale * factor));
    x = left - ((left - x) * next) / scale;
    y = top - ((top - y) * next) / scale;
    scale = next;
    show();
  }

  const act = (what) => zoom(what === "in" ? STEP : what === "out" ? 1 / STEP : 0);
  const within = (event) => {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const apart = ([[a, b], [c, d]]) => Math.hypot(a - c, b - d);

  figure.querySelector('[data-part="tools"]').hidden = false;
  Object.assign(frame, { tabIndex: 0 });
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", image.alt);
  image.draggable = false;
  figure.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-zoom]");
    if (tool) act(tool.dataset.zoom);
    else if (moved && frame.contains(event.target)) event.preventDefault(); // a drag is no visit to the full picture
  });
  frame.addEventListener("keydown", (event) => {
    const move = scale > 1 && ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(KEYS[event.key] || move)) return;
    event.preventDefault();
    if (!move) return act(KEYS[event.key]);
    [x, y] = [x + 60 * move[0], y + 60 * move[1]];
    show();
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && scale === 1) return; // a page that is scrolled past stays as it is
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, within(event));
  }, { passive: false });
  frame.addEventListener("pointerdown", (event) => {
    moved = false;
    fingers.set(event.pointerId, within(event));
  });
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [now, spread] = [within(event), fingers.size === 2 && apart([...fingers.values()])];
    if (Math.hypot(now[0] - before[0], now[1] - before[1]) > 2) moved = true;
    fingers.set(event.pointerId, now);
    if (spread) return zoom(apart([...fingers.values()]) / spread, now);
    if (scale > 1) [x, y] = [x + now[0] - before[0], y + now[1] - before[1]];
    show();
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

for (const figure of document.querySelectorAll('[data-behaviour~="zoom"]')) enlarge(figure);
