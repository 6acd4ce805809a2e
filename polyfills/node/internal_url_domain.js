"use strict";
// Domains in both of their spellings. https://nodejs.org/docs/latest-v22.x/api/url.html#urldomaintoasciidomain

const { RegExpPrototypeExec } = primordials;
const { URL } = require("web/url");

const kPlain = /^[\0-\x7F]*$/;

/** The host of a URL with this domain; "" if it is not valid. */
function domainToASCII(domain) {
  if (RegExpPrototypeExec(/[:@]/, domain) !== null && RegExpPrototypeExec(/^\[.*\]$/, domain) === null) return "";
  const url = URL.parse(`ws://${domain}`);
  return url === null ? "" : url.hostname;
}

function domainToUnicode(domain) {
  const ascii = domainToASCII(domain);
  return ascii === "" ? "" : ops.op_domain_to_unicode(ascii);
}

/** The ASCII form of a host of url.parse(), which knows no IPv4 addresses and no percent signs; "" if there is none. */
function hostToASCII(host) {
  if (RegExpPrototypeExec(kPlain, host) !== null && RegExpPrototypeExec(/xn--/, host) === null) return host;
  return ops.op_domain_to_ascii(host, false) ?? "";
}

module.exports = { domainToASCII, domainToUnicode, hostToASCII };
