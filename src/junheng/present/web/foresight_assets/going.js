// Everything set going; printing opens what is folded.
document.getElementById("language").addEventListener("click", exchange);
document.getElementById("print").addEventListener("click", () => print());
const choices = [...document.querySelectorAll("[data-choose]")];

function chooseScenario(number) {
  scenario = number;
  for (const one of choices) {
    const mine = Number(one.dataset.choose) === number;
    one.setAttribute("aria-checked", String(mine));
    one.tabIndex = mine ? 0 : -1;
  }
  for (const part of document.querySelectorAll("[data-scenario]")) part.hidden = Number(part.dataset.scenario) !== number;
  document.dispatchEvent(new Event("scenario"));
}

choices.forEach((one, at) => {
  one.tabIndex = at ? -1 : 0;
  one.addEventListener("click", () => chooseScenario(at));
  one.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (at + step + choices.length) % choices.length;
    chooseScenario(next);
    choices[next].focus();
  });
});

const choose = startFans(document.getElementById("fans0"));
const map = document.getElementById("map0");
if (map) startYears(map, choose);
const needs = document.getElementById("needs0");
if (needs) startNeeds(needs);
startFindings(document.getElementById("findings0"));
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".sheet details:not([open], .more)")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
addEventListener("scroll", hideHint, { passive: true });
root.classList.add("ready");
