// What a page holds that none of ours does: each came out of somebody's words.
() => {
  const said = [];
  const tell = (one, what) => said.push(`${what}: ${one.outerHTML.slice(0, 200)}`);
  const alien = [
    "iframe, frame, frameset, object, embed, applet, base, marquee, math, portal, fencedframe, xmp",
    "plaintext, noembed, isindex, bgsound, image, foreignObject, animate, x-element",
    "meta[http-equiv=refresh i], meta[http-equiv=set-cookie i]",
    "[srcdoc], [ping], [background], [dynsrc], [lowsrc]",
    "[x-data], [x-init], [data-controller], [slot=x], [part=y], [is=z]",
    "[hx-on\\:click], [hx-ext], [ws-connect], [hx-vals^='js:'], [hx-headers^='js:'], [data-hx-get]",
    "[hx-get*=logout], [name=csrf], [name=attributes], [name=documentElement], [name=parentNode]",
    "#csrf, #csrfmiddlewaretoken, #defaultView",
  ].join(", ");
  const runs = /^(javascript|vbscript|livescript|data:text|data:image\/svg|blob|file|filesystem)/;
  const leads = new Set(["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"]);
  for (const one of document.querySelectorAll(alien)) tell(one, "alien");
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      // Browsers leave out these letters before they look at a scheme.
      const plain = value.replace(/[\u0000-\u0020\u00a0\u200b\u2028]/g, "").toLowerCase();
      if (name.startsWith("on")) tell(one, name);
      if (leads.has(name) && runs.test(plain)) tell(one, name);
      if (["src", "srcset", "poster"].includes(name) && /evil|logout/.test(plain)) tell(one, name);
      if (name.endsWith("action") && new URL(value, location.href).origin !== location.origin) tell(one, name);
    }
  }
  for (const one of document.scripts) {
    // Django's admin has the words of its own scripts made by an address beside it.
    const ours = one.type.endsWith("json") || /^\/(static\/.+|[\w-]+\/jsi18n\/)$/.test(one.getAttribute("src"));
    if (!ours) tell(one, "script");
  }
  return said;
}
