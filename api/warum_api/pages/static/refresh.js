// An element with data-refresh is fetched again every few seconds and replaced by what came, until that has none.
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function follow(shown) {
  const said = document.getElementById("refresh_said");
  let misses = 0;
  while (shown.dataset.refresh) {
    await wait((shown.dataset.seconds || 2) * (document.hidden ? 5 : 1) * 2 ** Math.min(misses, 5));
    let text;
    try {
      const answer = await fetch(shown.dataset.refresh, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload(); // one has to sign in again
      if (!answer.ok) throw new Error(String(answer.status));
      text = await answer.text();
      misses = 0;
    } catch {
      misses += 1;
      continue;
    }
    const came = new DOMParser().parseFromString(text, "text/html").getElementById(shown.id);
    if (!came) return;
    if (came.outerHTML === shown.outerHTML) continue;
    const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
    if (said && came.dataset.said !== shown.dataset.said) said.textContent = came.dataset.said;
    shown.replaceWith(came);
    shown = came;
    if (focused) document.getElementById(focused)?.focus();
  }
}

for (const shown of document.querySelectorAll("[data-refresh]")) follow(shown);
