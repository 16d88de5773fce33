// Files dropped anywhere on a form with a file field are as if chosen there, and their names and sizes are said.
"use strict";
(() => {
  const sizeOf = (bytes) => bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  document.querySelectorAll("form[data-drop]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    if (!input) return;
    const told = document.createElement("p");
    told.className = "drop-told";
    told.setAttribute("aria-live", "polite");
    told.textContent = form.dataset.drop;
    input.after(told);
    let inside = 0;
    const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
    form.addEventListener("dragenter", (event) => { if (hasFiles(event)) { inside += 1; form.classList.add("drop-here"); } });
    form.addEventListener("dragleave", () => { inside = Math.max(0, inside - 1); if (!inside) form.classList.remove("drop-here"); });
    form.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
    form.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside = 0;
      form.classList.remove("drop-here");
      const chosen = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1).forEach((file) => chosen.items.add(file));
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => {
      told.textContent = [...input.files].map((file) => `${file.name} (${sizeOf(file.size)})`).join(", ") || form.dataset.drop;
    });
  });
})();
