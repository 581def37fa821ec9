// Suggestions while typing: the search box becomes an ARIA combobox. Without this file it is a plain search box.
// Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ (editable, with list autocomplete)
const WAIT_MS = 120;
const MIN_LETTERS = 2;
const KINDS = { condition: "condition", name: "other name", code: "code", site: "body site" };

function combobox(root) {
  const input = root.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let asked = ""; // what the options were asked for
  let active = -1; // the number of the option that Enter opens; -1 is the box itself
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

  function say(text) {
    status.textContent = text;
  }

  function counted() {
    return (options.length || "No") + (options.length === 1 ? " suggestion" : " suggestions");
  }

  function activate(number) {
    const rows = list.children;
    if (active >= 0) rows[active].setAttribute("aria-selected", "false");
    active = number;
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      if (!list.hidden) say(counted());
      return;
    }
    rows[active].setAttribute("aria-selected", "true");
    rows[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[active].id);
    say(rows[active].textContent + ", " + (active + 1) + " of " + counted());
  }

  function cancel() {
    clearTimeout(timer);
    if (asking) asking.abort();
  }

  function close() {
    cancel();
    activate(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    say("");
  }

  function open() {
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    say(counted());
    fit();
  }

  // The list ends above the keyboard of a touch screen: that makes the visual viewport smaller, not the page.
  function fit() {
    const view = window.visualViewport;
    if (!view) return;
    const room = view.offsetTop + view.height - input.getBoundingClientRect().bottom - 12;
    list.style.maxHeight = Math.max(room, 96) + "px";
  }

  function move(step) {
    const places = options.length + 1; // the box itself is one of them
    activate(((active + 1 + step + places) % places) - 1);
  }

  function choose(option) {
    close();
    location.assign(option.url);
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
    line.addEventListener("click", () => choose(option));
    return line;
  }

  async function ask() {
    cancel();
    const typed = input.value.trim();
    if (typed.length < MIN_LETTERS) return close();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(root.dataset.suggest + "?q=" + encodeURIComponent(typed), { signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (signal.aborted || document.activeElement !== input) return; // it came too late
      activate(-1);
      asked = typed;
      options = found;
      list.replaceChildren(...options.map(row));
      open();
    } catch {
      if (!signal.aborted) close(); // no connection: the box still searches
    }
  }

  function later() {
    cancel();
    activate(-1);
    timer = setTimeout(ask, WAIT_MS);
  }

  // What a key does here; true where the browser has nothing left to do.
  function act(key, alt) {
    const shown = !list.hidden;
    const fresh = options.length > 0 && asked === input.value.trim();
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        if (alt && key === "ArrowUp") close();
        else if (!shown && !fresh) ask();
        else if (!shown) open();
        if (!alt && (shown || fresh)) move(key === "ArrowDown" ? 1 : -1);
        return true;
      case "Escape":
        if (!shown && !input.value) return false;
        if (!shown) input.value = "";
        close();
        return true;
      case "Enter":
        if (active < 0) {
          close();
          return false;
        }
        choose(options[active]);
        return true;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        if (shown) activate(-1); // the caret moves in the box
    }
    return false;
  }

  input.addEventListener("input", (event) => event.isComposing || later());
  input.addEventListener("compositionend", later); // of an input method: what is typed before is no word yet
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return; // 229: Safari ends a composition
    if (act(event.key, event.altKey)) event.preventDefault();
  });
  window.visualViewport?.addEventListener("resize", fit);
}

document.querySelectorAll("[data-suggest]").forEach(combobox);
