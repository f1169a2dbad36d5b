// The map by year: a slider with its year in words, the level of each zone by colour, pattern and sign, and the zones as a table.
function levelOf(key) {
  const sign = make("i", { "aria-hidden": "true" });
  sign.textContent = pack.levelSigns[key];
  return make("span", { class: `verdict l-${key}` }, sign, text(pack.levelWords[key]));
}

const orUnknown = (shown) => shown || text(pack.unknown);
const numberCell = (shown) => make("td", { class: "n" }, orUnknown(shown));

function startYears(section, choose) {
  const slider = section.querySelector(".year");
  const stage = section.querySelector(".year-stage");
  const body = section.querySelector(".year-table tbody");
  const map = section.querySelector(".map-box .levels");
  const zones = [...map.querySelectorAll("[data-zone]")];
  slider.max = pack.years.length - 1;
  const ticks = section.querySelector(".year-ticks");
  for (const at of new Set([0, slider.max])) ticks.append(make("span", null, String(pack.years[at][0])));

  const linesOf = () => {
    const year = pack.years[slider.value][0];
    return chosen().lines.filter((line) => line[1] === stage.value && line[2] === year && pack.areas[line[0]][2] === "district");
  };

  function tell(lines) {
    const [, name, ahead] = pack.years[slider.value];
    const years = now(text(name));
    section.querySelector(".year-name").textContent = ahead ? `${years}${now([`（${ahead}年后）`, ` (${ahead} years ahead)`])}` : years;
    slider.setAttribute("aria-valuetext", years);
    const counts = Object.keys(pack.levelWords).map((key) => [key, lines.filter((line) => line[9] === key).length]);
    section.querySelector(".year-count").replaceChildren(
      ...counts.filter(([, count]) => count).flatMap(([key, count]) => [levelOf(key), document.createTextNode(` ${count}　`)]),
    );
    map.setAttribute("aria-label", `${now(["学位预警地图", "Map of warning levels"])} ${stage.selectedOptions[0].textContent} ${years}`);
  }

  function show() {
    const lines = linesOf();
    const byArea = new Map(lines.map((line) => [line[0], line]));
    for (const zone of zones) {
      const line = byArea.get(pack.zones[zone.dataset.zone]);
      const key = line ? line[9] : "";
      zone.setAttribute("fill", key ? `url(#lv${pack.large}-${key})` : pack.absent);
      zone.dataset.level = key;
      const sign = map.querySelector(`[data-sign="${zone.dataset.zone}"]`);
      if (sign) sign.textContent = pack.levelSigns[key] || "";
    }
    body.replaceChildren(
      ...lines.map((line) => {
        const name = make("th", { scope: "row" }, text(pack.areas[line[0]][1]));
        const made = make("tr", { "data-area": line[0] }, name, make("td", null, levelOf(line[9])), numberCell(line[3]), numberCell(line[5]), numberCell(line[6]), numberCell(line[7]));
        return made;
      }),
    );
    tell(lines);
  }

  const step = (by) => {
    slider.value = Number(slider.value) + by;
    show();
  };
  section.querySelector(".year-back").addEventListener("click", () => step(-1));
  section.querySelector(".year-on").addEventListener("click", () => step(1));
  slider.addEventListener("input", show);
  stage.addEventListener("change", show);
  body.addEventListener("click", (event) => choose && choose(pack.areas[event.target.closest("tr").dataset.area][0]));
  map.addEventListener("click", (event) => {
    const zone = event.target.closest("[data-zone]");
    if (zone && choose && pack.zones[zone.dataset.zone] >= 0) choose(pack.areas[pack.zones[zone.dataset.zone]][0]);
  });
  map.addEventListener("pointermove", (event) => {
    const zone = event.target.closest("[data-zone]");
    const line = zone && linesOf().find((one) => one[0] === pack.zones[zone.dataset.zone]);
    if (!line) return hideHint();
    const words = [["需求", "need"], ["学位", "places"], ["余缺", "balance"], ["缺口概率", "P(shortage)"]];
    const shown = [line[3], line[5], line[6], line[7]].map((value) => now(orUnknown(value)));
    const level = `${pack.levelSigns[line[9]]} ${now(text(pack.levelWords[line[9]]))}`;
    return showHint(event, text(pack.areas[line[0]][1]), level, ...words.map((word, at) => `${now(word)} ${shown[at]}`), text(line[10]));
  });
  map.addEventListener("pointerleave", hideHint);
  document.addEventListener("scenario", show);
  document.addEventListener("exchange", show);
  show();
}
