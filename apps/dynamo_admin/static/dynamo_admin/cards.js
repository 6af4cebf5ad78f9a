"use strict";

// Names each cell of a table after its column: on a phone rows are cards, and cells have no header above them.
function nameCells(table) {
  const names = Array.from(table.querySelectorAll("thead th"), (th) => th.innerText.trim());
  table.querySelectorAll("tbody tr").forEach((row) => {
    Array.from(row.children).forEach((cell, column) => {
      const isChoice = cell.querySelector("input[type=checkbox]") !== null;
      if (names[column] && !isChoice && cell.colSpan === 1) cell.dataset.label = names[column];
      cell.classList.toggle("blank", cell.childElementCount === 0 && cell.textContent.trim() === "");
    });
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("#result_list, table.cards").forEach(nameCells);
});
