// Without this the page works: Enter sends, and each screen shows its newest message.
for (const area of document.querySelectorAll("textarea")) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      area.form.requestSubmit(area.form.querySelector("button"));
    }
  });
}
for (const screen of document.querySelectorAll(".screen")) screen.scrollTop = screen.scrollHeight;
const lit = document.querySelector(".drawing .lit");
if (lit) lit.scrollIntoView({ block: "nearest", inline: "nearest" });
