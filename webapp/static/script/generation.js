// Tells an open page when the library has changed: asks every 15 s while the page is seen.
const notice = document.querySelector(".new-generation");
if (notice) {
  let shown = notice.dataset.generation;
  const live = document.getElementById("live"); // on an editor's page: whether this very article is live
  const awaited = () => live?.dataset.live === "no";

  const check = async () => {
    if (document.hidden) return;
    const answer = await fetch(notice.dataset.url, { cache: "no-cache" });
    const { generation } = await answer.json();
    if (!answer.ok || (generation === shown && !awaited())) return;
    shown = generation;
    if (live) {
      const page = new DOMParser().parseFromString(await (await fetch(location)).text(), "text/html");
      const now = page.getElementById("live");
      if (!now) return;
      live.dataset.live = now.dataset.live;
      if (now.innerHTML !== live.innerHTML) live.replaceChildren(...now.childNodes);
      return;
    }
    const reload = document.createElement("a");
    reload.setAttribute("href", ""); // wherever the page is by then
    reload.textContent = "Reload";
    notice.replaceChildren("The library has changed. ", reload);
  };

  const ask = () => check().catch(() => {}); // no network: asked again in a while
  const wait = () => setTimeout(() => ask().then(wait), awaited() ? 1500 : 15000);
  wait();
  document.addEventListener("visibilitychange", ask);
}
