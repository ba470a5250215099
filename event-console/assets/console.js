// What the pages do with a script: they follow what happens, and copy. They can be read without.
"use strict";
(() => {
  const base = document.documentElement.dataset.base;
  const link = document.querySelector(".link");
  const live = () => document.querySelector("[data-live]");
  const copies = () => {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = !navigator.clipboard;
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it by hand";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  copies();
  if (!live() || !window.EventSource) return;

  const tell = (state, text) => {
    link.dataset.state = state;
    if (link.firstChild?.textContent !== text) link.firstChild.textContent = text;
  };
  link.append(document.createElement("span"));
  const hold = document.createElement("button");
  hold.type = "button";
  hold.className = "small";
  hold.textContent = "Pause";
  hold.addEventListener("click", () => {
    held = !held;
    hold.textContent = held ? "Go on" : "Pause";
    tell(held ? "held" : "live", held ? "paused" : "live");
    if (!held) soon();
  });
  link.append(hold);

  let held = false;
  let waiting = false;
  let again = false;
  let last = 0;
  // Reads the page anew, at most once a second, and not while somebody selects or uses something in it.
  const soon = () => {
    if (held) return;
    if (waiting) { again = true; return; }
    waiting = true;
    setTimeout(async () => {
      try {
        await refresh();
      } catch {
        tell("lost", "reconnecting …");
      }
      last = Date.now();
      waiting = false;
      if (again) { again = false; soon(); }
    }, Math.max(0, last + 1000 - Date.now()));
  };
  const refresh = async () => {
    const section = live();
    if (document.hidden || section.contains(document.activeElement) || !getSelection().isCollapsed) return;
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh && fresh.innerHTML !== section.innerHTML) {
      section.replaceWith(document.adoptNode(fresh));
      copies();
    }
  };
  const source = new EventSource(`${base}/api/changes`);
  source.addEventListener("hello", () => { if (!held) tell("live", "live"); soon(); });
  source.addEventListener("changes", soon);
  source.addEventListener("bye", () => tell("lost", "the engine has stopped"));
  source.addEventListener("error", () => tell("lost", "reconnecting …"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
})();
