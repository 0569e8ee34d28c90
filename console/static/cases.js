// Without this the pages work. With it the buttons around a reply change the reply alone, and a form goes along with
// the version of the case that the page shows.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[formaction]");
  if (!button || !window.htmx) return;
  event.preventDefault();
  const where = button.name ? "#draft" : "#count";
  const values = Object.fromEntries(new FormData(button.form, button));
  htmx.ajax("POST", button.getAttribute("formaction"), { target: where, select: where, swap: "outerHTML", values }).then(() => {
    if (button.name) document.getElementById("text").focus();
  });
});

document.addEventListener("htmx:afterSwap", () => {
  const live = document.getElementById("live");
  if (!live) return;
  for (const field of document.querySelectorAll("input[name=seen]")) field.value = live.dataset.version;
});
