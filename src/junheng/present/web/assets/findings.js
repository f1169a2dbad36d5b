// The findings: by severity and by word. What is filtered out is counted, so that nothing seems to be all.
function startFindings(section) {
  const form = section.querySelector(".finding-filters");
  if (!form) return;
  const causes = [...section.querySelectorAll(".cause")];
  const shown = form.querySelector(".shown");
  function filter() {
    const severities = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
    const word = form.querySelector(".find").value.trim().toLowerCase();
    let count = 0;
    let all = 0;
    for (const cause of causes) {
      const about = !word || cause.querySelector("summary").textContent.toLowerCase().includes(word);
      let left = 0;
      for (const line of cause.querySelectorAll("li")) {
        line.hidden = !about && !line.textContent.toLowerCase().includes(word);
        left += line.hidden ? 0 : 1;
        all += 1;
      }
      cause.hidden = !severities.has(cause.dataset.severity) || !left;
      count += cause.hidden ? 0 : left;
    }
    shown.textContent = `${count} / ${all}`;
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
