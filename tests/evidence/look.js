// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// What the rendered page says and looks like, for tests/evidence/check.py: an object of plain values.
(() => {
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const hidden = (element) => element.closest("thead") !== null && getComputedStyle(element.closest("thead")).position === "absolute";
  const name = (element) => `${element.tagName.toLowerCase()}${element.dataset.of ? `[${element.dataset.of}]` : ""}`;

  // Each value, with the place in the document that it names.
  const values = [...document.querySelectorAll("[data-of], [data-day-of]")].map((element) => ({
    place: element.dataset.of ?? element.dataset.dayOf,
    day: element.dataset.dayOf !== undefined,
    code: element.dataset.code ?? null,
    time: element.getAttribute("datetime"),
    text: element.textContent,
    shown: visible(element),
  }));

  // Digits that are in no value.
  const strays = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (/\d/.test(text.data.replaceAll("SHA-256", "")) && !text.parentElement.closest("[data-of], [data-day-of]")) strays.push(text.data.trim());
  }

  // What reaches beyond the screen.
  const wide = document.documentElement.clientWidth;
  const over = [...document.body.querySelectorAll("*")]
    .filter((element) => visible(element) && !hidden(element) && !element.closest("svg *"))
    .filter((element) => element.getBoundingClientRect().right > wide + 0.5 || element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== "inline")
    .map((element) => `${name(element)} (${element.textContent.trim().slice(0, 30)}: ${element.scrollWidth} in ${element.clientWidth}, up to ${Math.round(element.getBoundingClientRect().right)})`);

  // The room that a cell of a table has for what it says.
  const cells = [...document.querySelectorAll("tbody th > div, td > div")].filter(visible).map((element) => element.clientWidth);

  // Words that are broken in the middle though they are short.
  const broken = [...document.querySelectorAll("[data-of]")]
    .filter((element) => visible(element) && /^\w{2,20}$/.test(element.textContent) && element.getClientRects().length > 1)
    .map((element) => element.textContent);

  // Text that is hard to read: too little contrast, or too small.
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [red, green, blue] = numbers(colour).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((numbers(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrasts = [];
  const small = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !visible(element) || hidden(element) || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const svg = element.closest("svg");
    const [one, other] = [light(svg ? style.fill : style.color), light(behind(element))].sort((a, b) => b - a);
    contrasts.push({ what: name(element), ratio: (one + 0.05) / (other + 0.05) });
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    small.push(parseFloat(style.fontSize) * scale);
  }
  return {
    values,
    strays,
    over,
    broken,
    contrasts,
    tightest: cells.length ? Math.min(...cells) : null,
    smallest: Math.min(...small),
    scrolls: document.documentElement.scrollWidth > wide,
    scripts: document.scripts.length,
    links: [...document.links].map((link) => link.getAttribute("href")),
    title: document.title,
    language: document.documentElement.lang,
    background: getComputedStyle(document.body).backgroundColor,
    ran: window.ran ?? null,
  };
})();
