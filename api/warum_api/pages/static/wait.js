// Loads the page again as soon as what it waits for is there. Without this script a link does.
const waiting = document.querySelector("[data-wait]");
const goOn = [202, 429, 503];
for (;;) {
  let answer = null;
  try {
    answer = await fetch(waiting.dataset.wait, { redirect: "manual" });
  } catch {
    // The service may be away for a moment.
  }
  if (answer && (answer.type === "opaqueredirect" || !goOn.includes(answer.status))) {
    location.reload();
    break;
  }
  await new Promise((done) => setTimeout(done, 1500));
}
