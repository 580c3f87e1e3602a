// Words that are selected in the comment stand in the field for them. Without this script they are typed or copied.
for (const field of document.querySelectorAll("[data-words]")) {
  const text = document.getElementById(field.dataset.words)?.querySelector("p");
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const words = String(chosen).trim();
    if (words && text?.contains(chosen.anchorNode) && text.contains(chosen.focusNode)) field.value = words;
  });
}
