"use strict";
// A driver's row opens the comments about it. Without script its name is a link to the same comments.
for (const link of document.querySelectorAll("a.topic")) {
  const group = document.getElementById(link.getAttribute("href").slice(1));
  const row = link.closest("tr");
  if (!group || !row) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.title = link.title;
  button.append(...link.childNodes);
  button.setAttribute("aria-expanded", "false");
  link.replaceWith(button);
  row.classList.add("opens");
  let drawer = null;
  const toggle = () => {
    if (drawer) {
      drawer.remove();
      drawer = null;
    } else {
      const cell = document.createElement("td");
      cell.colSpan = row.cells.length;
      cell.className = group.dataset.polarity;
      for (const quote of group.querySelectorAll("blockquote")) cell.append(quote.cloneNode(true));
      drawer = document.createElement("tr");
      drawer.className = "drawer";
      drawer.append(cell);
      row.after(drawer);
    }
    button.setAttribute("aria-expanded", String(drawer !== null));
  };
  row.addEventListener("click", (event) => {
    // Selecting text in a row is no wish to open it.
    if (event.target.closest("button") || !String(getSelection())) toggle();
  });
}
