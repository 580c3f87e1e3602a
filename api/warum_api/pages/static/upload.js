// A file goes up in pieces; where the line breaks, it goes on behind what has arrived.
const PIECE = 4 * 2 ** 20;
const TRIES = 6;
const $ = (id) => document.getElementById(id);
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

class Refused extends Error {}

async function ask(path, how = {}) {
  const headers = { Accept: "application/json", ...how.headers };
  const answer = await fetch(path, { ...how, headers });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  const text = [told.detail, told.came, told.expected].filter(Boolean).join(" ");
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error(text);
  throw new Refused(text || String(answer.status));
}

function show(file, received) {
  const share = file.size ? Math.floor((100 * received) / file.size) : 100;
  $("upload_bar").value = share;
  $("upload_name").textContent = file.name;
  $("upload_share").textContent = `${share} %`;
}

async function send(form, file, signal) {
  const all = form.dataset.uploads;
  const own = { "X-Form-Token": form.elements.token.value };
  const told = JSON.stringify({ name: file.name.slice(-255), size: file.size });
  let there = await ask(all, { method: "POST", body: told, signal, headers: { ...own, "Content-Type": "application/json" } });
  const path = `${all}/${there.id}`;
  for (let misses = 0; there.state === "open"; ) {
    try {
      const piece = file.slice(there.received, there.received + PIECE);
      const headers = { ...own, "Content-Type": "application/octet-stream", "Upload-Offset": String(there.received) };
      if (there.received + piece.size >= file.size) headers["Upload-Complete"] = "?1";
      there = await ask(path, { method: "PATCH", body: piece, signal, headers });
      misses = 0;
    } catch (error) {
      if (error instanceof Refused || signal.aborted || ++misses >= TRIES) throw error;
      await wait(2 ** misses / 2);
      there = await ask(`${path}/state`, { signal }).catch(() => there);
    }
    show(file, there.received);
  }
  return there;
}

async function upload(form) {
  const file = form.elements.file.files[0];
  const button = form.querySelector("button.main");
  const stop = new AbortController();
  const leaving = (event) => event.preventDefault();
  $("upload_wrong").hidden = true;
  if (!file || !file.size) {
    $("upload_wrong").textContent = $("upload_wrong").dataset.empty;
    $("upload_wrong").hidden = false;
    return;
  }
  button.disabled = true;
  $("upload_progress").hidden = $("upload_stop").hidden = false;
  $("upload_stop").onclick = () => stop.abort();
  $("upload_said").textContent = $("upload_said").dataset.begun;
  addEventListener("beforeunload", leaving);
  show(file, 0);
  try {
    const there = await send(form, file, stop.signal);
    $("upload_said").textContent = $("upload_said").dataset.done;
    removeEventListener("beforeunload", leaving);
    location.assign(there.page);
  } catch (error) {
    $("upload_progress").hidden = true;
    if (!stop.signal.aborted) {
      $("upload_wrong").textContent = error instanceof Refused ? error.message : $("upload_wrong").dataset.lost;
      $("upload_wrong").hidden = false;
    }
  } finally {
    removeEventListener("beforeunload", leaving);
    button.disabled = false;
    $("upload_stop").hidden = true;
  }
}

$("upload")?.addEventListener("submit", (event) => {
  event.preventDefault();
  upload(event.target);
});
