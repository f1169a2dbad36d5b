// The table of schools: the reader sorts and filters; its own order is the return's.
function startSchools(section) {
  const body = section.querySelector("tbody");
  const rows = [...body.rows];
  const heads = [...section.querySelectorAll("thead th")];
  const form = section.querySelector(".filters");
  const shown = section.querySelector(".shown");
  const compare = new Intl.Collator("zh-CN", { numeric: true }).compare;

  const keyOf = (line, at) => {
    const cell = line.cells[at];
    if (cell.dataset.s !== undefined) return Number(cell.dataset.s);
    return cell.classList.contains("n") || cell.classList.contains("none") ? null : cell.textContent.trim();
  };

  // what has no value stands last, whichever way one sorts
  function sort(at, way) {
    const keyed = rows.map((line, place) => [keyOf(line, at), place, line]);
    if (way) {
      keyed.sort(([a, i], [b, j]) => {
        if (a === null || b === null) return (a === null) - (b === null) || i - j;
        return (typeof a === "number" ? a - b : compare(a, b)) * way || i - j;
      });
    }
    body.append(...keyed.map(([, , line]) => line));
  }

  heads.forEach((head, at) => {
    head.querySelector("button").addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", next);
      sort(at, { ascending: 1, descending: -1, none: 0 }[next]);
    });
  });

  function filter() {
    const wanted = [...form.querySelectorAll("[data-filter]")].filter((field) => field.value.trim());
    let count = 0;
    for (const line of rows) {
      line.hidden = !wanted.every((field) => {
        const name = field.dataset.filter;
        return name === "name" ? line.cells[0].textContent.includes(field.value.trim()) : line.dataset[name] === field.value;
      });
      count += line.hidden ? 0 : 1;
    }
    const conditions = wanted.map((field) => ` · ${field.closest("label").firstElementChild.textContent}：${(field.selectedOptions || [field])[0].textContent || field.value}`);
    shown.textContent = [`${count} / ${rows.length}`, ...conditions].join("");
  }
  document.addEventListener("exchange", filter);
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.querySelector(".csv").addEventListener("click", () => saveCsv(heads, [...body.rows].filter((line) => !line.hidden)));
}

// What stands on the screen as CSV: each indicator as value and verdict. Text that a spreadsheet would run as a formula is quoted.
function csvText(heads, lines) {
  const quote = (value) => {
    const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
    return `"${safe.replace(/"/g, '""')}"`;
  };
  const isItem = (at) => heads[at].classList.contains("c-item");
  const head = heads.flatMap((cell, at) => {
    const title = cell.querySelector("button").textContent.trim().replace(/\s+/g, " ");
    return isItem(at) ? [title, `${title} ${now(["结论", "verdict"])}`] : [title];
  });
  const values = lines.map((line) =>
    [...line.cells].flatMap((cell, at) => {
      if (!isItem(at)) return [(cell.querySelector("span") || cell).textContent.replace(/^[✓×△◇◎□—]/, "").trim()];
      const key = [...cell.classList].find((name) => name.startsWith("v-"));
      return [(cell.querySelector(".figure") || cell).textContent.replace(/[✓×△◇◎□—]$/, "").trim(), key ? now(verdictWords(key.slice(2), heads[0])) : ""];
    }),
  );
  return [head, ...values].map((line) => line.map(quote).join(",")).join("\r\n");
}

function saveCsv(heads, lines) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", csvText(heads, lines)], { type: "text/csv" }));
  link.download = `${document.title}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
