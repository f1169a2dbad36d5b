// Everything set going; printing opens what is folded.
document.getElementById("language").addEventListener("click", exchange);
document.getElementById("print").addEventListener("click", () => print());
startTabs();
startDrawer();
for (const sheet of sheets) {
  for (const section of sheet.querySelectorAll("[id^=map]")) startMap(section);
  for (const section of sheet.querySelectorAll("[id^=schools]")) startSchools(section);
  for (const section of sheet.querySelectorAll("[id^=spreads]")) startSpreads(section);
  for (const section of sheet.querySelectorAll("[id^=findings]")) startFindings(section);
}
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".sheet:not([hidden]) details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
addEventListener("scroll", hideHint, { passive: true });
root.classList.add("ready");
