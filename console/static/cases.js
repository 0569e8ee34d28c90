// Without this the pages work. With it a form goes along with what the page shows: the version of the case as last seen.
document.addEventListener("htmx:afterSwap", () => {
  const live = document.getElementById("live");
  if (!live) return;
  for (const field of document.querySelectorAll("input[name=seen]")) field.value = live.dataset.version;
});
