// The drawer: the trail of a figure, the card of a school, the whole list behind a spread.
const drawer = document.getElementById("drawer");
const drawerBody = document.getElementById("drawer-body");
const drawerBack = document.getElementById("drawer-back");
let opened = [];

function openDrawer(build) {
  if (!drawer.open) opened = [];
  opened.push(build);
  fillDrawer();
  if (!drawer.open) drawer.showModal();
}

function fillDrawer() {
  drawerBody.replaceChildren(...opened[opened.length - 1]().filter((part) => part !== null));
  drawerBack.hidden = opened.length < 2;
  drawerBody.scrollTop = 0;
}

const heading = (words) => make("h2", { id: "drawer-title" }, words);
const under = (words) => make("h3", null, words);

function figureButton(words, trail) {
  if (trail < 0) return make("span", null, words);
  return make("button", { type: "button", class: "figure", "data-x": trail }, words);
}

function standardPart(place) {
  if (place < 0) return [];
  const [words, floor, parameter, sourcePlace] = pack.limits[place];
  const [line, item, confidence, meaning, review, jurisdiction, reviewed] = pack.sources[sourcePlace];
  const rows = [
    row(["要求", "Requirement"], text(words)),
    text(floor) ? row(["底线", "Floor"], text(floor)) : null,
    row(["文件", "Document"], text(line)),
    text(item) ? row(["条目", "Item"], text(item)) : null,
    row(["适用范围", "Jurisdiction"], text(jurisdiction)),
    row(["可信度", "Confidence"], make("span", null, text(confidence), " ", text(meaning))),
    row(["与原文核对", "Checked against the original"], make("span", { class: reviewed ? "" : "unchecked" }, text(review))),
    row(["参数", "Parameter"], make("code", null, text(parameter))),
  ].filter((line) => line !== null);
  return [under(["标准", "Standard"]), make("table", { class: "pairs" }, make("tbody", null, ...rows))];
}

// A value that was read from no file stands in the county's own tables: the table and column are named instead.
function cellTable(cells) {
  const heads = [["数据", "Value of"], ["主键", "Key"], ["数值", "Value"], ["文件或数据表", "File or table"]];
  const fromFiles = cells.some((cell) => cell[5]);
  if (fromFiles) heads.push(["工作表", "Sheet"], ["单元格", "Cell"]);
  const rows = cells.map(([tableName, key, column, label, value, file, sheet, cell]) => {
    const start = [make("span", { title: `${tableName}.${column}` }, label), key.replaceAll("|", " · "), value || ["无数据", "no data"], file || make("code", null, `${tableName}.${column}`)];
    return row(...start, ...(fromFiles ? [sheet, make("b", null, cell)] : []));
  });
  return table(heads, rows);
}

// runs of places (first, how many, …) to the cells' words
function cellsOf(runs) {
  const places = runs.flatMap((first, at) => (at % 2 ? [] : Array.from({ length: runs[at + 1] }, (_, next) => first + next)));
  return places.map((number) => pack.cells[number].map(text));
}

// A coefficient of variation: the schools it is made of, with their pupils, values and shares, stand on its panel.
function panelButton(place) {
  const figure = openSheet().querySelector(`.spread figcaption .figure[data-x="${place}"]`);
  const panel = figure && figure.closest(".spread");
  if (!panel) return null;
  const points = dataOf(panel).spreads[panel.dataset.spread];
  const button = make("button", { type: "button", class: "all-points" }, [`列出各校（${points.length}所）的在校生、数值和占差异的份额`, `List the ${points.length} schools: pupils, values, shares`]);
  button.addEventListener("click", () => openDrawer(() => wholeList(panel, points)));
  return make("p", null, button);
}

function trailOf(place) {
  const [label, at, shown, exact, words, formula, inputs, steps, runs, left, limit, judged, missing, start, last] = pack.trails[place];
  const cells = cellsOf(runs);
  const formulaRows = [
    row(["含义", "In words"], text(words)),
    row(["算式", "Formula"], make("code", null, text(formula))),
    text(exact) ? row(["精确值", "Exact"], make("code", null, text(exact))) : null,
  ].filter((line) => line !== null);
  return [
    heading(text(label)),
    make("p", { class: "small" }, text(at)),
    make("p", { class: "big" }, text(shown), " ", judged ? verdict(judged) : null),
    missing ? make("p", { class: "missing" }, [`缺数据${missing}处，未按零计算`, `${missing} input(s) missing; not taken as zero`]) : null,
    under(["怎样算出", "How it comes about"]),
    make("table", { class: "pairs" }, make("tbody", null, ...formulaRows)),
    inputs.length ? under(["代入的数", "Inputs"]) : null,
    inputs.length ? table([["字段", "Column"], ["名称", "Label"], ["数值", "Value"]], inputs.map((number) => pack.inputs[number]).map(([name, title, value]) => row(make("code", null, text(name)), text(title), text(value)))) : null,
    panelButton(place),
    steps.length ? under(["处理步骤", "Steps"]) : null,
    steps.length ? make("ol", null, ...steps.map((step) => make("li", null, text(step)))) : null,
    under(["来源单元格", "Source cells"]),
    cells.length ? cellTable(cells) : make("p", null, ["没有可列的来源单元格", "No source cells to list"]),
    left ? make("p", { class: "small" }, [`另有${left}个单元格未列`, `${left} more cell(s) not listed`]) : null,
    ...standardPart(limit),
    make("p", { class: "small" }, ["数字编号 ", "Figure "], make("code", null, text(start) + text(last))),
  ];
}

function schoolCard(data, number) {
  const [name, code, , facts, pupils, state, reason, items] = data.units[number];
  const rows = items.map((item, column) => {
    if (!item) return null;
    const [value, judged, limit, short, concession, trail] = item;
    const more = make("span", null, text(short), text(short) && text(concession) ? "；" : "", text(concession));
    return row(text(data.columns[column]), figureButton(text(value), trail), limit < 0 ? "" : text(pack.limits[limit][0]), verdict(judged), more);
  });
  return [
    heading(text(name)),
    make("p", { class: "small" }, code, ...facts.filter((fact) => text(fact)).flatMap((fact) => [" · ", text(fact)]), " · ", text(pupils)),
    make("p", { class: "big" }, verdict(state), " ", text(reason)),
    items.some((item) => item) ? table([["指标", "Indicator"], ["实际值", "Value"], ["标准", "Standard"], ["结论", "Verdict"], ["差额或放宽条款", "Shortfall or concession"]], rows.filter((line) => line !== null)) : null,
  ];
}

function startDrawer() {
  document.addEventListener("click", (event) => {
    const figure = event.target.closest("[data-x]");
    if (figure) openDrawer(() => trailOf(Number(figure.dataset.x)));
    const card = event.target.closest(".card");
    if (card) openDrawer(() => schoolCard(dataOf(card), Number(card.closest("tr").dataset.u)));
  });
  document.getElementById("drawer-close").addEventListener("click", () => drawer.close());
  drawerBack.addEventListener("click", () => {
    opened.pop();
    fillDrawer();
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}
