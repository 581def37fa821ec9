// The key / goes to the search box from anywhere but a field. A box on the page about the site turns it off, because
// speech input and tremor press keys by mistake: https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts
const SETTING = "shortcut";
const search = document.getElementById("q");
const box = document.querySelector("[data-shortcut]");
let on = true;
try {
  on = localStorage.getItem(SETTING) !== "off";
} catch {
  // where nothing may be kept, the key works
}

function announce() {
  search.title = on ? "Press / to come here" : "";
  if (on) search.setAttribute("aria-keyshortcuts", "/");
  else search.removeAttribute("aria-keyshortcuts");
}

function press(event) {
  const chord = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if (!on || event.key !== "/" || chord || field || event.defaultPrevented) return;
  event.preventDefault(); // neither typed into the box, nor the browser's own search
  search.focus();
  search.select();
}

if (search) {
  announce();
  document.addEventListener("keydown", press);
}
if (search && box) {
  box.checked = on;
  box.closest("p").hidden = false;
  box.addEventListener("change", () => {
    on = box.checked;
    announce();
    try {
      localStorage.setItem(SETTING, on ? "on" : "off");
    } catch {
      // it holds until the page is left
    }
  });
}
