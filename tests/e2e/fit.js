/* (text size, whether letters, words and lines are spaced out) => what does not fit: sideways scrolling (WCAG 1.4.10,
   1.4.4, 1.4.12), targets under 24 pixels (2.5.8). */
([text, isSpaced]) => {
  const root = document.documentElement;
  const LEAST = 24;
  const spacing = new CSSStyleSheet();
  spacing.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  root.style.fontSize = text;
  document.adoptedStyleSheets = isSpaced ? [spacing] : [];
  const faults = [];
  if (root.scrollWidth > root.clientWidth) faults.push(`dépasse de ${root.scrollWidth - root.clientWidth} px`);

  const box = (element) => element.getBoundingClientRect();
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".sr-only, .skip");
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(seen);
  /* A checkbox and its label are one target; a link in a sentence is excepted by the rule. */
  const isLabelled = (element) => [...(element.labels ?? [])].some((label) => box(label).height >= LEAST);
  const isInSentence = (element) => getComputedStyle(element).display === "inline"
    && element.parentElement.textContent.trim().length > element.textContent.trim().length;
  const centre = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
  const away = (point, { left, right, top, bottom }) => Math.hypot(
    Math.max(left - point.x, 0, point.x - right), Math.max(top - point.y, 0, point.y - bottom));
  /* A small target is good when a disc of 24 pixels around its middle touches no other target. */
  const isApart = (element) => targets.every((other) => other === element || away(centre(box(element)), box(other)) >= LEAST / 2);

  for (const element of targets) {
    const { width, height } = box(element);
    if (width + .5 >= LEAST && height + .5 >= LEAST) continue;
    if (isLabelled(element) || isInSentence(element) || isApart(element)) continue;
    faults.push(`cible de ${Math.round(width)} × ${Math.round(height)} px : ${element.outerHTML.slice(0, 90)}`);
  }
  root.style.fontSize = "";
  document.adoptedStyleSheets = [];
  return faults;
}
