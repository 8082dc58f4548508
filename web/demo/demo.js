// Buttons of the demo page that open the chat.
for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => document.querySelector("frontline-chat")?.open());
}
