// Without this the page works. With it Enter sends, and the page is not loaded anew for each message.
const parser = new DOMParser();

function show(answer) {
  const page = parser.parseFromString(answer, "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
  }
  settle();
}

function settle() {
  for (const screen of document.querySelectorAll(".screen")) screen.scrollTop = 0; // its end: the column is turned round
  const frame = document.querySelector(".scroll");
  const lit = document.querySelector("#lit");
  if (!frame || !lit) return;
  const [inner, outer] = [lit.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  frame.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.tagName !== "TEXTAREA") return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("button"));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.classList.contains("scene") || form.getAttribute("aria-busy")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    form.reset();
    show(await answer.text());
    document.querySelector(form.closest(".whatsapp") ? "#text-whatsapp" : "#text-sms").focus({ preventScroll: true });
  } catch {
    form.removeAttribute("aria-busy");
    location.reload();
  }
  form.removeAttribute("aria-busy");
});

settle();
if (matchMedia("(min-width: 64rem)").matches) document.querySelector("#text-sms").focus(); // no keyboard pops up on a phone
