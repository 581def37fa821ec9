// Suggestions while typing: the search box becomes an ARIA combobox. Without this file it is a plain search box.
// Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const WAIT_MS = 120;
const MIN_LETTERS = 2;
const KINDS = { condition: "condition", name: "other name", code: "code", site: "body site" };

function combobox(root) {
  const input = root.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.id = input.id + "-options";
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  status.className = "unseen";
  status.setAttribute("role", "status");
  root.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(timer);
    if (asking) asking.abort();
    options = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function activate(number) {
    const rows = list.children;
    if (active >= 0) rows[active].setAttribute("aria-selected", "false");
    active = number;
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    rows[active].setAttribute("aria-selected", "true");
    rows[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[active].id);
  }

  function row(option, number) {
    const line = document.createElement("li");
    line.id = list.id + "-" + number;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    const letters = Array.from(option.text); // spans count code points, strings count UTF-16 units
    let last = 0;
    for (const [start, end] of option.spans) {
      const typed = document.createElement("b");
      typed.textContent = letters.slice(start, end).join("");
      text.append(letters.slice(last, start).join(""), typed);
      last = end;
    }
    text.append(letters.slice(last).join(""));
    if (option.title) {
      const title = document.createElement("span");
      title.className = "title";
      title.textContent = option.title;
      text.append(" ", title);
    }
    const kind = document.createElement("small");
    const count = option.documents ? " · " + option.documents.toLocaleString("en") : ""; // of a code, there may be none
    kind.textContent = KINDS[option.kind] + count;
    line.append(text, kind);
    line.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    line.addEventListener("click", () => location.assign(option.url));
    return line;
  }

  function show(found) {
    close();
    options = found;
    list.replaceChildren(...options.map(row));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    status.textContent = options.length === 1 ? "1 suggestion" : options.length + " suggestions";
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed.length < MIN_LETTERS) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(root.dataset.suggest + "?q=" + encodeURIComponent(typed), { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close(); // no connection: the box still searches
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = options.length - 1;
    if (event.key === "ArrowDown") activate(active === last ? -1 : active + 1);
    else if (event.key === "ArrowUp") activate(active === -1 ? last : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) location.assign(options[active].url);
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("[data-suggest]").forEach(combobox);
