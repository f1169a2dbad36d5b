// Fans of the chosen area: the same marks as in the drawings of the county, from the list that the page carries.
const SVG = "http://www.w3.org/2000/svg";
let scenario = 0;
const chosen = () => pack.scenarios[scenario];

function svgOf(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function markOf(mark) {
  const look = pack.looks[mark[0]];
  if (mark.length === 2) return svgOf("path", { d: mark[1], ...look });
  const node = svgOf("text", { x: mark[1], y: mark[2], "text-anchor": mark[3], fill: look.fill });
  if (look["font-weight"]) node.setAttribute("font-weight", look["font-weight"]);
  return say(node, text(mark[4]));
}

function drawingOf([width, height, marks], title) {
  const svg = svgOf("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "font-size": 12, "aria-label": now(title) });
  svg.append(...marks.map(markOf));
  return svg;
}

const HEADS = [["学年", "Year"], ["实际", "Counted"], ["中值", "Middle"], ["50%区间", "50 % band"], ["80%区间", "80 % band"], ["学位", "Places"]];

function numbersOf(rows) {
  const lines = rows.map(([year, known, middle, ...rest]) =>
    make("tr", null, ...[String(year), known || (middle ? "" : text(pack.unknown)), middle, ...rest].map((cell, at) => make("td", at ? { class: "n" } : null, cell))),
  );
  return make("details", null, say(document.createElement("summary"), ["数据", "Numbers"]), table(HEADS, lines, "numbers"));
}

function figureOf([, , , title, note, rows, drawing]) {
  const words = [make("b", null, text(title)), now(text(note)) ? make("span", { class: "small" }, text(note)) : null];
  return make("figure", { class: "fan" }, make("figcaption", null, ...words), drawingOf(drawing, text(title)), numbersOf(rows));
}

function startFans(section) {
  const choice = section.querySelector(".chooser");
  if (!choice) return null;
  const [where, what, place] = [".fan-area", ".fan-kind", ".chosen"].map((name) => choice.querySelector(name));
  const names = new Map(pack.areas.map(([code, name]) => [code, name]));
  const kinds = new Set(pack.scenarios.flatMap((one) => one.fans.map((fan) => fan[0])));
  for (const option of [...what.options]) if (!kinds.has(option.value)) option.remove();
  for (const [kind, words] of [["district", ["乡镇（街道）、片区", "Townships and zones"]], ["school", ["学校", "Schools"]]]) {
    const group = document.createElement("optgroup");
    group.label = now(words);
    const codes = new Set(pack.scenarios[0].fans.filter((fan) => fan[2] === kind).map((fan) => fan[1]));
    for (const code of codes) {
      const title = text(pack.scenarios[0].fans.find((fan) => fan[1] === code)[3]);
      const option = say(document.createElement("option"), names.has(code) ? text(names.get(code)) : title);
      option.value = code;
      group.append(option);
    }
    if (codes.size) where.append(group);
  }
  const show = () => {
    const found = chosen().fans.filter((fan) => fan[1] === where.value && fan[0] === what.value);
    place.replaceChildren(...(found.length ? found.map(figureOf) : [make("p", null, text(pack.unknown))]));
  };
  choice.addEventListener("change", show);
  choice.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("scenario", show);
  document.addEventListener("exchange", () => {
    for (const group of where.querySelectorAll("optgroup")) group.label = now(group.querySelector("option") && group === where.lastElementChild && where.childElementCount > 1 ? ["学校", "Schools"] : ["乡镇（街道）、片区", "Townships and zones"]);
    show();
  });
  show();
  return (code) => {
    where.value = code;
    show();
    choice.scrollIntoView({ block: "nearest" });
  };
}
