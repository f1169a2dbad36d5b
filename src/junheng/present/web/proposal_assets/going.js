// Everything is on the page already: the buttons are wired, and printing opens what is folded.
document.getElementById("language").addEventListener("click", exchange);
document.getElementById("print").addEventListener("click", () => print());
const doubts = document.getElementById("findings0");
if (doubts) startFindings(doubts);
for (const views of document.querySelectorAll(".views")) {
  const pair = views.nextElementSibling;
  const buttons = [...views.querySelectorAll("button")];
  const show = (view) => {
    pair.dataset.shown = view;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.view === view));
  };
  for (const one of buttons) one.addEventListener("click", () => show(one.dataset.view));
  views.hidden = false;
  addEventListener("beforeprint", () => show("both"));
}
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".sheet details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
root.classList.add("ready");
