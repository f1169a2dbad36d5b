// The schools behind a coefficient of variation: what a circle is, and the whole list.
function startSpreads(section) {
  const data = dataOf(section);
  for (const figure of section.querySelectorAll(".spread")) {
    const points = data.spreads[figure.dataset.spread];
    const circles = [...figure.querySelectorAll("circle")];
    const words = (at) => {
      const [name, pupils, value, share, side, short] = points[at];
      return [text(name), make("span", null, text(value), " · ", [`${pupils}人`, `${pupils} pupils`]), make("span", null, ["占差异 ", "of the spread "], `${share}% · `, pack.sides[side]), text(short) || null];
    };
    const open = (at) => points[at][6] >= 0 && openDrawer(() => schoolCard(data, points[at][6]));
    const drawing = figure.querySelector("svg");
    if (drawing) {
      drawing.addEventListener("pointermove", (event) => (event.target.dataset.point ? showHint(event, ...words(Number(event.target.dataset.point))) : hideHint()));
      drawing.addEventListener("pointerleave", hideHint);
      drawing.addEventListener("click", (event) => event.target.dataset.point && open(Number(event.target.dataset.point)));
    }
    for (const line of figure.querySelectorAll("tr[data-point]")) {
      const circle = circles.find((one) => one.dataset.point === line.dataset.point);
      line.addEventListener("pointerenter", () => circle.classList.add("lit"));
      line.addEventListener("pointerleave", () => circle.classList.remove("lit"));
      line.addEventListener("click", () => open(Number(line.dataset.point)));
    }
    const all = figure.querySelector(".all-points");
    if (all) all.addEventListener("click", () => openDrawer(() => wholeList(figure, points)));
  }
}

function wholeList(figure, points) {
  const title = figure.querySelector("figcaption b").cloneNode(true);
  const stage = figure.closest(".spreads").previousElementSibling.cloneNode(true);
  const lines = points.map(([name, pupils, value, share, side, short], at) => row(String(at + 1), text(name), pupils, text(value), `${share}%`, pack.sides[side], text(short)));
  return [
    make("h2", { id: "drawer-title" }, title),
    stage,
    table(["", ["学校", "School"], ["在校生", "Pupils"], ["实际值", "Value"], ["占差异", "Of the spread"], ["位置", "Side"], ["距标准与底线", "To standard and floor"]], lines, "gap"),
  ];
}
