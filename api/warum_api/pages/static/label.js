// The keys of `warum audit label`: letters find a category, arrows mark it, + 0 - tick it, Enter confirms,
// Backspace takes back, Ctrl+Z undoes the last answer, left and right leave a comment open, Escape stops.
const SIDES = { "-": "negative", "−": "negative", 0: "neutral", "+": "positive", "=": "positive" };
const form = document.getElementById("labels");

if (form) begin();
else document.addEventListener("keydown", (event) => steer(event));

function begin() {
  const find = document.getElementById("find");
  const list = document.getElementById("choices");
  const picks = [...list.querySelectorAll(".pick")];
  const asking = document.getElementById("asking");
  const seen = document.getElementById("seen");
  let order = picks.flatMap((pick) => boxes(pick).filter((box) => box.checked));
  let marked = 0;
  let sent = false;

  find.parentElement.hidden = false;
  document.getElementById("keys").hidden = false;
  if (matchMedia("(pointer: fine)").matches) find.focus(); // on a phone its keyboard would hide the comment
  show();

  find.addEventListener("input", () => {
    const wanted = find.value.toLowerCase();
    if (wanted && !found(wanted).length) find.value = wanted.slice(0, -1);
    marked = 0;
    show();
  });
  list.addEventListener("change", (event) => {
    tick(event.target, event.target.checked);
    find.value = "";
    show();
  });
  form.addEventListener("submit", (event) => {
    if (sent || !confirmed()) event.preventDefault();
    else sent = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    if (act(event)) event.preventDefault();
    else steer(event, find.value === "");
  });

  function act(event) {
    const { key, target } = event;
    if (event.ctrlKey) return false;
    const box = target.matches('input[type="checkbox"]');
    if (target.matches("a, button") && (key === "Enter" || key === " ")) return false;
    if (key === "ArrowUp" || key === "ArrowDown") {
      const count = shown().length;
      marked = (marked + (key === "ArrowUp" ? count - 1 : 1)) % Math.max(count, 1);
      show();
      shown()[marked]?.scrollIntoView({ block: "nearest" });
    } else if (key in SIDES) {
      const pick = box ? target.closest(".pick") : shown()[marked];
      if (pick) tick(boxes(pick).find((one) => one.value.endsWith(`:${SIDES[key]}`)), true);
      find.value = "";
      marked = 0;
      show();
    } else if (key === "Enter") {
      if (find.value) return true; // a category is being looked for: it needs its sign first
      form.requestSubmit();
    } else if (key === "Backspace" && !find.value) {
      const last = order.at(-1);
      if (last) tick(last, false);
      show();
    } else if (key.length === 1 && key !== " " && target !== find) {
      find.focus();
      return false;
    } else return false;
    return true;
  }

  function confirmed() {
    if (order.length || form.elements.sure.value) return true;
    form.elements.sure.value = "1";
    asking.hidden = false;
    return false;
  }

  function tick(box, on) {
    box.checked = on;
    order = order.filter((one) => one !== box);
    if (on) order.push(box);
    form.elements.sure.value = "";
    asking.hidden = true;
  }

  function shown() {
    return [...list.children].filter((pick) => !pick.hidden);
  }

  // By the beginning of a word first, then anywhere, as the terminal finds them.
  function found(wanted) {
    const words = (pick) => pick.dataset.words.toLowerCase();
    const begins = picks.filter((pick) => words(pick).split(/\s+/).some((word) => word.startsWith(wanted)));
    return [...begins, ...picks.filter((pick) => words(pick).includes(wanted) && !begins.includes(pick))];
  }

  function show() {
    const here = found(find.value.toLowerCase());
    const focused = document.activeElement;
    list.append(...here, ...picks.filter((pick) => !here.includes(pick)));
    if (focused !== document.activeElement) focused.focus(); // what is moved loses it
    for (const pick of picks) {
      pick.hidden = !here.includes(pick);
      pick.classList.remove("marked");
    }
    here[marked]?.classList.add("marked");
    seen.replaceChildren(...(order.length ? order.flatMap((box) => [chip(box), " "]) : [seen.dataset.none]));
  }

  function chip(box) {
    const said = document.createElement("span");
    said.className = `chip ${box.value.split(":").at(-1)}`;
    const pick = box.closest(".pick");
    said.textContent = `${pick.querySelector("legend").textContent} ${box.nextElementSibling.textContent}`;
    return said;
  }
}

function boxes(pick) {
  return [...pick.querySelectorAll("input")];
}

function steer(event, free = true) {
  const go = (id) => document.getElementById(id)?.click();
  if (event.ctrlKey && (event.key === "z" || event.key === "u")) {
    event.preventDefault();
    document.querySelector('[form="undo"]:not(:disabled), #undo button:not(:disabled)')?.click();
  } else if (event.ctrlKey || event.altKey || event.metaKey) return;
  else if (event.key === "Escape") go("stop");
  else if (free && event.key === "ArrowLeft") go("before");
  else if (free && event.key === "ArrowRight") go("after");
}
