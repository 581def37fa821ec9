// The reader's own searches, kept by the browser and sent nowhere. Without this file there are none.
const STORED_AS = "searches";
const MAX_SEARCHES = 10;
const searchForm = document.querySelector("form.search");
const list = document.createElement("div");

function searches() {
  try {
    return JSON.parse(localStorage.getItem(STORED_AS)).filter((each) => typeof each === "string");
  } catch {
    return []; // nothing is stored yet, or the browser stores nothing
  }
}

function remember() {
  const asked = new URLSearchParams(location.search).get("q");
  // What found nothing is no help later; and nobody wants to read again what was asked in an emergency.
  if (!asked || !document.querySelector("#results .hits") || document.querySelector(".urgent")) return;
  const kept = [asked, ...searches().filter((each) => each !== asked)].slice(0, MAX_SEARCHES);
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(kept));
  } catch {} // the browser stores nothing
}

function clear() {
  localStorage.removeItem(STORED_AS);
  list.hidden = true;
  searchForm.elements.q.focus();
}

function fill() {
  const links = searches().map((asked) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = searchForm.action + "?q=" + encodeURIComponent(asked);
    link.textContent = asked;
    line.append(link);
    return line;
  });
  const rows = document.createElement("ul");
  const button = document.createElement("button");
  const heading = document.createElement("p");
  rows.append(...links);
  heading.textContent = "Recent searches, in this browser only ";
  button.type = "button";
  button.textContent = "Clear";
  button.addEventListener("click", clear);
  heading.append(button);
  list.replaceChildren(heading, rows);
  return links.length > 0;
}

function offer() {
  const wanted = !searchForm.elements.q.value && searchForm.contains(document.activeElement);
  const shown = !list.hidden && list.hasChildNodes();
  if (!wanted) list.hidden = true;
  else if (!shown) list.hidden = !fill(); // to fill it again would take the focus from what it holds
}

if (searchForm) {
  list.className = "recent options";
  list.hidden = true;
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", "Recent searches");
  searchForm.append(list);
  for (const kind of ["focusin", "focusout", "input"]) searchForm.addEventListener(kind, () => setTimeout(offer));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  searchForm.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (list.contains(document.activeElement)) searchForm.elements.q.focus();
    list.hidden = true;
  });
  document.addEventListener("swapped", remember);
  remember();
  offer();
}
