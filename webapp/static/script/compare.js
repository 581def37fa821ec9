// The articles chosen to compare: the bar says how many there are, no more than four can be chosen, and what was chosen
// stays while a search is filtered or its pages are turned. Without this file the boxes and the form work the same.
const MIN_CHOSEN = 2;
const MAX_CHOSEN = 4;
const chosen = new Set(); // of articles that have boxes, those of other pages of the search too

function restore() {
  const form = document.getElementById("compare");
  if (!form) return;
  const boxes = Array.from(document.querySelectorAll(".compare-box input"));
  const here = new Set(boxes.map((box) => box.value));
  form.querySelectorAll(".elsewhere").forEach((each) => each.remove());
  for (const id of chosen) {
    if (here.has(id)) continue;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", className: "elsewhere", name: "id", value: id });
    form.append(input);
  }
  boxes.forEach((box) => (box.checked = chosen.has(box.value)));
  const count = new FormData(form).getAll("id").length;
  boxes.forEach((box) => (box.disabled = count >= MAX_CHOSEN && !box.checked));
  const left = MAX_CHOSEN - count;
  const more = count < MIN_CHOSEN ? "choose one to three more" : left ? "room for " + left + " more" : "the most there can be";
  const output = form.querySelector("output");
  form.dataset.said ||= output.textContent;
  output.textContent = chosen.size ? count + " chosen, " + more : form.dataset.said;
}

function remember() {
  for (const box of document.querySelectorAll(".compare-box input")) {
    if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
  }
  restore();
}

document.addEventListener("change", (event) => event.target.closest(".compare-box") && remember());
document.addEventListener("swapped", restore);
addEventListener("pageshow", remember); // a browser that comes back to a page has its boxes as they were
