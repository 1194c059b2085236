// Each control and each piece of text must lie inside the window, or in something that scrolls by
// itself; nothing that does not say so with an ellipsis may hide a part of its text.
() => {
  const width = document.documentElement.clientWidth, found = [];
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '')
    + (typeof e.className === 'string' && e.className ? '.' + e.className.trim().replace(/\s+/g, '.') : '')
    + ' "' + (e.textContent || e.value || '').trim().replace(/\s+/g, ' ').slice(0, 40) + '"';
  const styles = new Map();
  const style = e => styles.get(e) ?? (styles.set(e, getComputedStyle(e)), styles.get(e));
  const up = function* (e) { for (let x = e.parentElement; x; x = x.parentElement) yield x; };
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth - innerWidth} px too wide`);
  const scrolls = e => [...up(e)].some(x => x !== page && x !== document.body
    && ['auto', 'scroll'].includes(style(x).overflowX) && x.scrollWidth > x.clientWidth + 1);
  const shortened = e => [...up(e)].some(x => style(x).textOverflow === 'ellipsis'
    && style(x).overflowX !== 'visible' && x.getBoundingClientRect().right <= width + 1);
  const fixed = e => style(e).position === 'fixed' || [...up(e)].some(x => style(x).position === 'fixed');
  const hidden = e => !e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    || e.closest('.vh, .skip, svg, dialog:not([open]), [popover]:not(:popover-open), .weave');
  const inside = (box, other) => box.left >= other.left - 1.5 && box.right <= other.right + 1.5
    && box.top >= other.top - 1.5 && box.bottom <= other.bottom + 1.5;
  for (const e of document.body.querySelectorAll('*')) {
    if (hidden(e)) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const control = e.matches('a, button, input:not([type=hidden]), select, textarea, summary, [role=button]');
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
    if (!control && !own) continue;
    if ((box.left < -1 || box.right > width + 1) && !scrolls(e) && !shortened(e)) {
      found.push(`outside the window by ${Math.round(Math.max(-box.left, box.right - width))} px: ${name(e)}`);
      continue;
    }
    const look = style(e);
    const says = look.textOverflow === 'ellipsis' || look.webkitLineClamp !== 'none';
    if (own && !says && !e.matches('textarea, select, input')) {
      if (['hidden', 'clip'].includes(look.overflowX) && e.scrollWidth > e.clientWidth + 1) found.push(`cut off sideways: ${name(e)}`);
      if (['hidden', 'clip'].includes(look.overflowY) && e.scrollHeight > e.clientHeight + 2) found.push(`cut off below: ${name(e)}`);
    }
    if (e.matches('input, select') && !e.matches('[type=checkbox], [type=radio], [type=file], [type=color], [type=range]')
      && e.clientHeight && parseFloat(look.lineHeight) > e.clientHeight + 1) found.push(`too low for its text: ${name(e)}`);
    // what holds it may not cut it off either
    if (!fixed(e)) for (const x of up(e)) {
      const s = style(x);
      if (['auto', 'scroll'].includes(s.overflowX) || ['auto', 'scroll'].includes(s.overflowY)) break;
      if (s.textOverflow === 'ellipsis' || s.webkitLineClamp !== 'none') break;
      if (['hidden', 'clip'].includes(s.overflowX) && !inside(box, x.getBoundingClientRect()) && x !== document.body && x !== page) {
        found.push(`cut off by ${name(x).split(' ')[0]}: ${name(e)}`); break;
      }
    }
    // the words of a button stay in the button
    if (control && own && (e.scrollWidth > e.clientWidth + 2 && look.display !== 'inline') && !says && !scrolls(e) && !e.matches('textarea, input, select'))
      found.push(`its words stick out: ${name(e)}`);
  }
  return [...new Set(found)].slice(0, 12);
}
