// Links of the results page that change its filters, order or page: the same page is fetched and its parts are swapped
// for the new ones, so that place, focus, choices and open branches stay. Without this file they are links like any other.
// Other scripts: listen for "swapped" on the document where something has to be done with new parts.
const PLACE_STAYS = ".filters, .tools, .chips"; // links elsewhere lead to the top of the results
const BUSY_MS = 200;
const results = document.querySelector("#results[data-count]");
const filters = document.getElementById("filters");
const said = document.createElement("p");
let shown = location.pathname + location.search;
let loading = null;

function key(link) { // what stays the same of a link when its search changes
  const name = link.dataset.key || (link.getAttribute("aria-label") || link.textContent).trim().replace(/Remove:? |,.*/gs, "");
  return [link.localName, Boolean(link.ownerSVGElement), name].join();
}

function choices() { // boxes and radio buttons, by what stays the same of them
  const inputs = Array.from(document.querySelectorAll("#results input, #filters input"));
  return new Map(inputs.map((each) => [[each.name, each.value, each.className].join(), each]));
}

function swap(next, stays) {
  const focused = stays && document.activeElement.closest("#results, #filters") ? document.activeElement : null;
  const focusedKey = focused && key(focused);
  const part = focused && focused.closest("#results, #filters");
  const chosen = choices();
  const open = new Set(Array.from(filters.querySelectorAll("details[open]"), key));
  for (const each of [results, filters]) {
    const top = each.scrollTop;
    each.replaceChildren(...next.getElementById(each.id).childNodes);
    each.scrollTop = top;
  }
  filters.querySelectorAll("details").forEach((branch) => (branch.open ||= open.has(key(branch))));
  for (const [name, input] of choices()) input.checked = (chosen.get(name) || input).checked;
  for (const form of document.querySelectorAll("form.search")) {
    const inputs = next.querySelectorAll("form.search input[type=hidden]");
    form.querySelectorAll("input[type=hidden]").forEach((each) => each.remove());
    form.append(...inputs);
    const box = form.elements.q;
    if (box !== document.activeElement) box.value = next.getElementById("q").value;
  }
  results.dataset.count = said.textContent = next.getElementById("results").dataset.count;
  document.title = next.title;
  document.dispatchEvent(new Event("swapped"));
  const same = focused && Array.from(part.querySelectorAll("a, summary")).find((each) => key(each) === focusedKey);
  (same || results).focus({ preventScroll: true });
  if (!stays) results.scrollIntoView();
}

async function show(url, stays, isNew) {
  if (loading) loading.abort();
  const mine = (loading = new AbortController());
  const busy = setTimeout(() => results.setAttribute("aria-busy", "true"), BUSY_MS);
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== loading) return;
    if (!answer.ok) throw new Error(answer.statusText);
    if (isNew) history.pushState(null, "", url);
    shown = url.pathname + url.search;
    swap(next, stays);
  } catch {
    if (mine !== loading) return; // a newer click came
    if (isNew) location.assign(url);
    else location.reload();
  } finally {
    clearTimeout(busy);
    if (mine === loading) results.removeAttribute("aria-busy");
  }
}

function follow(event) {
  const link = event.target.closest("#results a, #filters a");
  const href = link && link.getAttribute("href");
  if (!href || href.startsWith("#") || event.defaultPrevented) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(href, location);
  if (url.origin !== location.origin || url.pathname !== location.pathname) return;
  event.preventDefault();
  if (location.hash !== url.hash) url.hash = ""; // which opens the filters on a phone, if they are not open already
  show(url, Boolean(link.closest(PLACE_STAYS)), true);
}

if (results && filters) {
  said.className = "unseen";
  said.setAttribute("role", "status");
  results.before(said);
  document.addEventListener("click", follow);
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(new URL(location), true, false);
  });
}
