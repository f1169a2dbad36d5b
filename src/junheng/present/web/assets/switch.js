// The language switch: exchanges each text with the other one that its element carries.
const ATTRIBUTES = ["title", "aria-label"];

function exchange() {
  for (const node of document.querySelectorAll("[data-o]")) {
    const other = node.dataset.o;
    node.dataset.o = node.textContent;
    node.textContent = other;
  }
  for (const name of ATTRIBUTES) {
    for (const node of document.querySelectorAll(`[data-o-${name}]`)) {
      const other = node.getAttribute(`data-o-${name}`);
      node.setAttribute(`data-o-${name}`, node.getAttribute(name));
      node.setAttribute(name, other);
    }
  }
  root.dataset.lang = english() ? "zh" : "en";
  root.lang = english() ? "en" : "zh-CN";
  document.getElementById("language").lang = english() ? "zh-CN" : "en";
  hideHint();
  document.dispatchEvent(new Event("exchange"));
}

// Tabs: one assessment at a time. The areas of equal maps are in the page once and move to the map that is shown.
function showSheet(number) {
  for (const sheet of sheets) sheet.hidden = sheet.dataset.sheet !== String(number);
  for (const tab of document.querySelectorAll("[data-tab]")) {
    const chosen = tab.dataset.tab === String(number);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  const box = sheets[number].querySelector(".map-box");
  if (!box) return;
  const here = box.querySelector(".areas");
  const there = [...document.querySelectorAll(`.map-box[data-areas-from="${box.dataset.areasFrom}"] .areas`)].find((group) => group.childElementCount);
  if (there && there !== here) here.replaceChildren(...there.childNodes);
}

function startTabs() {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => showSheet(at));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (at + step + tabs.length) % tabs.length;
      showSheet(next);
      tabs[next].focus();
    });
  });
}
