// A button that copies the text that it holds: on a press alone. Without this script, or where the browser has no
// clipboard, the same text stands before the button, to be selected.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
    const said = button.nextElementSibling;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(button.dataset.copy);
            said.textContent = button.dataset.copied;
        } catch {
            said.textContent = button.dataset.failed;
            getSelection().selectAllChildren(button.previousElementSibling);
        }
    });
}
