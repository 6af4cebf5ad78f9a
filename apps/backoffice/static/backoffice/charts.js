"use strict";

/* Draws the figures of the home page; the data lies in the page as JSON. */
document.addEventListener("DOMContentLoaded", () => {
  const held = document.getElementById("charts");
  if (!held || !window.Chart) return;
  const colors = ["#2f6f9f", "#c77d18", "#3d8361", "#8b6bb1"];
  const text = getComputedStyle(document.body).getPropertyValue("--body-fg").trim() || "#333";
  Chart.defaults.color = text;
  Chart.defaults.animation = false;
  for (const chart of JSON.parse(held.textContent)) {
    new Chart(document.getElementById(`chart-${chart.id}`), {
      type: "bar",
      data: {
        labels: chart.labels,
        datasets: chart.series.map(([label, data], number) => ({ label, data, backgroundColor: colors[number] })),
      },
      options: {
        maintainAspectRatio: false,
        plugins: { legend: { position: "bottom" } },
        scales: { x: { stacked: chart.stacked }, y: { stacked: chart.stacked, beginAtZero: true, ticks: { precision: chart.id === "cost" ? undefined : 0 }, max: chart.id === "share" ? 100 : undefined } },
      },
    });
  }
});
