// From a folder a browser may not fetch pages for the lines around what was found: their titles are then all there is.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// The helpers' outputs follow the theme of the page: its own choice, or that of the reader's device.
const device = matchMedia("(prefers-color-scheme: dark)");
const follow = () => {
  const chosen = document.body.dataset.theme;
  document.body.dataset.jpThemeLight = String(!(chosen === "dark" || (chosen !== "light" && device.matches)));
};
addEventListener("DOMContentLoaded", () => {
  follow();
  new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
  device.addEventListener("change", follow);
});
