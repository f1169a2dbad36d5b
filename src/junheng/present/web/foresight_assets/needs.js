// The table of need against places: by area, stage, year and level. What is left out of a long list is counted and said.
const MOST_ROWS = 500;

function startNeeds(section) {
  const form = section.querySelector(".need-filters");
  const body = section.querySelector(".needs tbody");
  const shown = form.querySelector(".shown");
  const stages = new Map(pack.stages);
  const years = new Map(pack.years.map(([year, name, ahead]) => [year, [name, ahead]]));
  const value = (name) => form.querySelector(`[data-filter=${name}]`).value.trim();

  function kept(line) {
    const [kind, name, stage, year, level] = ["kind", "name", "stage", "year", "level"].map(value);
    const [, title, of] = pack.areas[line[0]];
    if ((kind && of !== kind) || (stage && line[1] !== stage) || (level && line[9] !== level)) return false;
    if (year === "horizons" ? !years.get(line[2])[1] : year && String(line[2]) !== year) return false;
    return !name || now(text(title)).includes(name);
  }

  function ordered(lines) {
    const order = value("order");
    const last = (number) => (number === null ? Infinity : number);
    if (order === "chance") lines.sort((a, b) => last(a[11] === null ? null : -a[11]) - last(b[11] === null ? null : -b[11]));
    if (order === "balance") lines.sort((a, b) => last(a[12]) - last(b[12]));
    return lines;
  }

  function rowOf(line) {
    const cells = [text(stages.get(line[1])), text(years.get(line[2])[0])].map((words) => make("td", null, words));
    const numbers = [orUnknown(line[3]), line[4], ...[5, 6, 7, 8].map((at) => orUnknown(line[at]))].map((words) => make("td", { class: "n" }, words));
    return make("tr", { "data-kind": pack.areas[line[0]][2] }, make("th", { scope: "row" }, text(pack.areas[line[0]][1])), ...cells, ...numbers, make("td", null, levelOf(line[9])), make("td", { class: "why" }, text(line[10])));
  }

  function show() {
    const lines = ordered(chosen().lines.filter(kept));
    body.replaceChildren(...lines.slice(0, MOST_ROWS).map(rowOf));
    body.closest("table").toggleAttribute("data-all", !value("kind") && !value("name"));
    const all = chosen().lines.length;
    const cut = lines.length > MOST_ROWS ? now([`，只列前${MOST_ROWS}行，请再筛选`, `, first ${MOST_ROWS} listed; narrow the filter`]) : "";
    shown.textContent = `${lines.length} / ${all}${cut}`;
  }

  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("scenario", show);
  document.addEventListener("exchange", show);
  show();
}
