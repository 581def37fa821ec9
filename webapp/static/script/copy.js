// Buttons that copy a text. Without this file they are not shown.
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

document.querySelectorAll(".copy").forEach((row) => {
  const status = row.querySelector("[role=status]");
  row.hidden = false;
  row.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    status.textContent = "";
    status.textContent = (await copy(button.dataset.copy)) ? "Copied " + button.dataset.copy : "Could not copy";
    button.focus();
  });
});
