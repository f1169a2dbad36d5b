// The map: pan, zoom, colour by verdict or by one requirement, cards. Marks and names keep their size at every zoom.
const MOST_ZOOM = 12;

function startMap(section) {
  const box = section.querySelector(".map-box");
  if (!box) return;
  const data = dataOf(section);
  const svg = box.querySelector("svg");
  const layers = [...svg.querySelectorAll(".areas, .names, .schools")];
  const still = [...svg.querySelectorAll(".still")].map((node) => [node, node.getAttribute("transform") || ""]);
  const marks = [...svg.querySelectorAll(".mark")];
  const by = section.querySelector(".map-by");
  const stage = section.querySelector(".map-stage");
  const values = section.querySelector(".map-values");
  const { width, height } = svg.viewBox.baseVal;
  const view = { x: 0, y: 0, zoom: 1 };

  function draw() {
    view.x = Math.min(0, Math.max(width - width * view.zoom, view.x));
    view.y = Math.min(0, Math.max(height - height * view.zoom, view.y));
    for (const layer of layers) layer.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.zoom})`);
    for (const [node, own] of still) node.setAttribute("transform", `scale(${1 / view.zoom}) ${own}`);
    drawScale(svg, view.zoom);
  }

  function zoom(factor, x = width / 2, y = height / 2) {
    const next = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
    view.x = x - ((x - view.x) * next) / view.zoom;
    view.y = y - ((y - view.y) * next) / view.zoom;
    view.zoom = next;
    draw();
  }

  function colour() {
    const column = Number(by.value);
    const counts = new Map();
    for (const mark of marks) {
      const unit = data.units[mark.dataset.unit];
      const item = column < 0 ? null : unit[7][column];
      const key = column < 0 ? unit[5] : item ? item[1] : null;
      const hidden = key === null || (stage.value && unit[2] !== stage.value);
      mark.parentNode.classList.toggle("off", Boolean(hidden));
      if (hidden) continue;
      counts.set(key, (counts.get(key) || 0) + 1);
      mark.dataset.v = key;
      mark.setAttribute("d", pack.marks[key]);
      mark.setAttribute("fill", pack.colours[key] || "#5b6673");
      const note = mark.nextElementSibling;
      if (values.checked) say(note, column < 0 ? text(unit[0]) : text(item[0]));
      note.classList.toggle("off", !values.checked);
    }
    drawLegend(section.querySelector(".map-legend"), counts);
    section.querySelector(".map-what").textContent = [by, stage].map((choice) => choice.selectedOptions[0].textContent).join(" · ");
  }
  document.addEventListener("exchange", colour);

  for (const mark of marks) {
    const note = document.createElementNS("http://www.w3.org/2000/svg", "text");
    note.setAttribute("class", "note off");
    mark.after(note);
    still.push([note, "translate(8 4)"]);
  }
  section.querySelector(".map-areas").addEventListener("change", (event) => svg.classList.toggle("plain", !event.target.checked));
  for (const control of [by, stage, values]) control.addEventListener("change", colour);
  box.querySelector(".map-keys").addEventListener("click", (event) => {
    const way = event.target.dataset.zoom;
    if (way === "all") Object.assign(view, { x: 0, y: 0, zoom: 1 });
    if (way) zoom({ in: 1.6, out: 1 / 1.6, all: 1 }[way]);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    const factor = { "+": 1.6, "=": 1.6, "-": 1 / 1.6 }[event.key];
    if (event.target !== box || (!step && !factor)) return;
    event.preventDefault();
    if (factor) return zoom(factor);
    view.x += step[0];
    view.y += step[1];
    draw();
  });
  startPointers(box, svg, view, draw, zoom, (mark) => openDrawer(() => schoolCard(data, Number(mark.dataset.unit))));
  svg.addEventListener("pointermove", (event) => {
    const { unit, area } = event.target.dataset || {};
    if (unit !== undefined) {
      const [name, , , facts, pupils, state, , items] = data.units[unit];
      const item = by.value < 0 ? null : items[by.value];
      showHint(event, text(name), make("span", null, text(facts[1]), " · ", text(pupils)), verdict(state), item ? make("span", null, text(data.columns[by.value]), " ", text(item[0]), " ", verdict(item[1]), item[2] < 0 ? null : text(pack.limits[item[2]][0])) : null);
    } else if (area !== undefined) {
      const [name, district, value] = data.areas[area];
      showHint(event, text(name), text(district) === text(name) ? null : text(district), text(data.areaLabel) ? make("span", null, text(data.areaLabel), " ", value || ["无数据", "no data"]) : null);
    } else hideHint();
  });
  svg.addEventListener("pointerleave", hideHint);
  colour();
  draw();
}

// Drag with one pointer, pinch with two, wheel once the map is focused (so that a page can be scrolled over it).
function startPointers(box, svg, view, draw, zoom, choose) {
  const down = new Map();
  let moved = 0;
  const place = (event) => {
    const frame = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / frame.width;
    return [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  };
  const spread = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  svg.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, place(event));
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const [x, y] = place(event);
    const wide = down.size === 2 ? spread([...down.values()]) : 0;
    down.set(event.pointerId, [x, y]);
    moved += Math.hypot(x - before[0], y - before[1]);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (wide) return zoom(spread([...down.values()]) / wide, x, y);
    view.x += x - before[0];
    view.y += y - before[1];
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => down.delete(event.pointerId));
  svg.addEventListener("click", (event) => {
    if (moved <= 4 && event.target.classList.contains("mark")) choose(event.target);
  });
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && document.activeElement !== box) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, ...place(event));
    },
    { passive: false },
  );
}

function drawScale(svg, zoom) {
  const bar = svg.querySelector(".scale");
  const kilometre = Number(svg.dataset.km) * zoom;
  const power = 10 ** Math.floor(Math.log10(140 / kilometre));
  const length = Math.max(...[1, 2, 5].map((step) => step * power).filter((step) => step * kilometre <= 140.001));
  const path = bar.querySelector("path");
  path.setAttribute("d", path.getAttribute("d").replace(/h[\d.]+/, `h${length * kilometre}`));
  const note = bar.querySelector("text");
  note.setAttribute("x", 20 + length * kilometre);
  note.textContent = length >= 1 ? `${length} km` : `${Math.round(length * 1000)} m`;
}

function drawLegend(list, counts) {
  const lines = Object.keys(pack.marks).filter((key) => counts.has(key)).map((key) => {
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("viewBox", "-8 -8 16 16");
    sign.setAttribute("width", "16");
    sign.setAttribute("height", "16");
    sign.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", pack.marks[key]);
    path.setAttribute("fill", pack.colours[key] || "#5b6673");
    path.setAttribute("fill-rule", "evenodd");
    sign.append(path);
    return make("li", null, sign, verdictWords(key, list), ` ${counts.get(key)}`);
  });
  list.replaceChildren(...lines);
}
