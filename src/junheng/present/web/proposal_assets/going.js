// Everything is on the page already: the buttons are wired, and printing opens what is folded.
document.getElementById("language").addEventListener("click", exchange);
document.getElementById("print").addEventListener("click", () => print());
const doubts = document.getElementById("findings0");
if (doubts) startFindings(doubts);
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".sheet details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
root.classList.add("ready");
