// The page's one Trusted Types policy, there before htmx runs. HTML comes from our own server only
// (htmx: selfRequestsOnly); scripts never come as text; the one script address is the worker's.
if (window.trustedTypes?.createPolicy) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (html) => html,
    createScriptURL: (url) => (url === "/sw.js" ? url : null),
  });
}
