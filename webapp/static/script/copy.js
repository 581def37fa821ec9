// Buttons that copy a text or the address of the page, or print it. Without this file they are not shown.
function copyByHand(text) { // where a page is not served securely, there is no clipboard to write to
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  return copied;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

function address() {
  return location.href.split("#")[0];
}

function showButtons() {
  document.querySelectorAll(".copy").forEach((row) => (row.hidden = false));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy button");
  if (!button) return;
  if ("print" in button.dataset) return print();
  const isLink = "copyAddress" in button.dataset;
  const status = button.closest(".copy").querySelector("[role=status]");
  const copied = await copy(isLink ? address() : button.dataset.copy);
  status.textContent = "";
  status.textContent = !copied ? "Could not copy" : "Copied " + (isLink ? "the link" : button.dataset.copy + (button.dataset.remark ?? ""));
  button.focus();
});
document.addEventListener("swapped", showButtons); // see results.js
showButtons();
