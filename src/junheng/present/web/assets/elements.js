// Elements and texts. Texts enter the page as text only, never as markup. A text is a string or [Chinese, English].
const pack = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const english = () => root.dataset.lang === "en";
const text = (place) => pack.texts[place];
const now = (words) => (Array.isArray(words) ? words[english() ? 1 : 0] : words);

function say(node, words) {
  node.textContent = now(words);
  if (Array.isArray(words)) node.dataset.o = words[english() ? 0 : 1];
  else delete node.dataset.o;
  return node;
}

// make("p", {class: "small"}, child, …): a child is a node, or words, which become an element that the switch can exchange
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  for (const child of children) if (child !== null) node.append(child instanceof Node ? child : say(document.createElement("span"), child));
  return node;
}

function verdict(key) {
  const sign = make("i", { "aria-hidden": "true" });
  sign.textContent = pack.signs[key] || "·";
  return make("span", { class: `verdict v-${key}` }, sign, verdictWords(key));
}

function table(heads, rows, kind) {
  const head = make("tr", null, ...heads.map((words) => say(document.createElement("th"), words)));
  return make("div", { class: "scroll" }, make("table", { class: kind || "items" }, make("thead", null, head), make("tbody", null, ...rows)));
}

const row = (...cells) => make("tr", null, ...cells.map((cell) => make("td", null, cell)));

// the small box beside the pointer
const hint = document.getElementById("hint");
function showHint(event, ...lines) {
  hint.replaceChildren(...lines.map((line) => make("div", null, line)));
  hint.hidden = false;
  const right = Math.min(event.clientX + 14, innerWidth - hint.offsetWidth - 8);
  const below = event.clientY + 16 + hint.offsetHeight > innerHeight ? event.clientY - hint.offsetHeight - 10 : event.clientY + 16;
  hint.style.left = `${Math.max(right, 4)}px`;
  hint.style.top = `${Math.max(below, 4)}px`;
}
const hideHint = () => (hint.hidden = true);

const sheets = [...document.querySelectorAll(".sheet")];
const dataOf = (node) => pack.sheets[node.closest(".sheet").dataset.sheet];

// the words of a verdict differ by sheet: where a standard is not in force they are neutral
const openSheet = () => sheets.find((sheet) => !sheet.hidden);
const verdictWords = (key, node = openSheet()) => dataOf(node).verdicts[key];
