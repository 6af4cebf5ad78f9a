"use strict";

// Offers ingredients while somebody types a name; the field takes any name, and the server decides.
const PAUSE_MS = 150;

function offerNames(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}_names`;
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting;

  async function complete() {
    const typed = input.value.trim();
    const answer = await fetch(`${input.dataset.namesUrl}?term=${encodeURIComponent(typed)}`);
    if (!answer.ok || answer.redirected || typed !== input.value.trim()) return;
    const { results } = await answer.json();
    list.replaceChildren(...results.map(({ name, hint }) => {
      const option = document.createElement("option");
      option.value = name;
      option.label = hint;
      return option;
    }));
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => complete().catch(() => list.replaceChildren()), PAUSE_MS);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("input[data-names-url]").forEach(offerNames);
});
