"use strict";
// Whether a certificate is for a host, and the protocols of ALPN. https://nodejs.org/docs/latest-v22.x/api/tls.html#tlscheckserveridentityhostname-cert

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  JSONParse,
  RegExpPrototypeExec,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
} = primordials;
const errors = require.lazy("node/internal_errors");
const netErrors = require.lazy("node/internal_net_errors");
const { Buffer } = require("node/internal_buffer");
const { isIP, isIPv6 } = require("node/internal_net_address");
const { parseHref } = require("web/url").internals;
const { isArrayBufferView, isUint8Array } = require("node/util_types");

const undot = (host) => (StringPrototypeEndsWith(host, ".") ? StringPrototypeSlice(host, 0, -1) : host);

// ASCII letters only: others are not to become ASCII ones.
function lowerCase(text) {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    result += code >= 65 && code <= 90 ? StringFromCharCode(code + 32) : text[i];
  }
  return result;
}

const labelsOf = (host) => StringPrototypeSplit(lowerCase(undot(host)), ".");

// https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3
function matchLabel(label, pattern) {
  const parts = StringPrototypeSplit(pattern, "*");
  if (parts.length === 1 || StringPrototypeIncludes(pattern, "xn--")) return label === pattern;
  if (parts.length > 2) return false;
  const [prefix, suffix] = parts;
  return prefix.length + suffix.length <= label.length && StringPrototypeStartsWith(label, prefix) && StringPrototypeEndsWith(label, suffix);
}

function matches(host, pattern) {
  if (!pattern) return false;
  const labels = labelsOf(pattern);
  if (labels.length !== host.length) return false;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === "" || RegExpPrototypeExec(/[^\u0021-\u007f]/u, labels[i]) !== null) return false;
    if (i > 0 && labels[i] !== host[i]) return false;
  }
  // A wildcard for a whole top-level domain is none.
  if (labels.length <= 2 && StringPrototypeIncludes(labels[0], "*") && !StringPrototypeIncludes(labels[0], "xn--")) return false;
  return matchLabel(host[0], labels[0]);
}

const kQuoted = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/;

// "DNS:a, DNS:b", where names with special characters are JSON strings.
function splitAltNames(text) {
  if (!StringPrototypeIncludes(text, '"')) return StringPrototypeSplit(text, ", ");
  const names = [];
  let name = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      const match = RegExpPrototypeExec(kQuoted, StringPrototypeSlice(text, at));
      if (match === null) throw new (netErrors().ERR_TLS_CERT_ALTNAME_FORMAT)();
      name += JSONParse(match[0]);
      at += match[0].length;
    } else if (text[at] === ",") {
      ArrayPrototypePush(names, name);
      name = "";
      at += 2;
    } else {
      name += text[at++];
    }
  }
  ArrayPrototypePush(names, name);
  return names;
}

// One text per address, as https://www.rfc-editor.org/rfc/rfc5952 says and URLs have it; "" for what is none.
function canonical(address) {
  if (!isIPv6(address)) return isIP(address) === 0 ? "" : address;
  const href = parseHref(`http://[${address}]/`);
  return href === undefined ? "" : StringPrototypeSlice(href, 8, -2);
}

function namesOf(altNames) {
  const names = altNames ? splitAltNames(altNames) : [];
  const found = { __proto__: null, dns: [], ips: [] };
  for (let i = 0; i < names.length; i++) {
    if (StringPrototypeStartsWith(names[i], "DNS:")) ArrayPrototypePush(found.dns, StringPrototypeSlice(names[i], 4));
    else if (StringPrototypeStartsWith(names[i], "IP Address:")) ArrayPrototypePush(found.ips, canonical(StringPrototypeSlice(names[i], 11)));
  }
  return found;
}

function matchesAny(host, patterns) {
  for (let i = 0; i < patterns.length; i++) if (matches(host, patterns[i])) return true;
  return false;
}

// Why not; "" if it is.
function mismatch(hostname, cert) {
  const { subject, subjectaltname: altNames } = cert;
  const { dns, ips } = namesOf(altNames);
  if (isIP(hostname)) {
    const wanted = canonical(hostname);
    if (ArrayPrototypeIncludes(ips, wanted)) return "";
    return `IP: ${hostname} is not in the cert's list: ${ArrayPrototypeJoin(ips, ", ")}`;
  }
  const host = labelsOf(hostname);
  if (dns.length > 0) return matchesAny(host, dns) ? "" : `Host: ${hostname}. is not in the cert's altnames: ${altNames}`;
  const cn = subject?.CN;
  if (!cn) return "Cert does not contain a DNS name";
  return matchesAny(host, ArrayIsArray(cn) ? cn : [cn]) ? "" : `Host: ${hostname}. is not cert's CN: ${cn}`;
}

/** The error if `cert` is not for the host; undefined if it is. */
function checkServerIdentity(hostname, cert) {
  const host = undot(`${hostname}`);
  const reason = mismatch(host, cert);
  return reason === "" ? undefined : new (netErrors().ERR_TLS_CERT_ALTNAME_INVALID)(reason, host, cert);
}

// An error of a code whose message is not the usual one.
function tooLong(index, length) {
  const error = new (errors().ERR_OUT_OF_RANGE)("protocols", "<= 255", length);
  error.message = `The byte length of the protocol at index ${index} exceeds the maximum length. It must be <= 255. Received ${length}`;
  return error;
}

// Each with its length before it.
function packProtocols(protocols) {
  const parts = [];
  for (let i = 0; i < protocols.length; i++) {
    const bytes = Buffer.from(protocols[i]);
    if (bytes.length > 255) {
      throw tooLong(i, bytes.length);
    }
    ArrayPrototypePush(parts, Buffer.from([bytes.length]), bytes);
  }
  return Buffer.concat(parts);
}

function convertALPNProtocols(protocols, out) {
  if (ArrayIsArray(protocols)) out.ALPNProtocols = packProtocols(protocols);
  else if (isUint8Array(protocols)) out.ALPNProtocols = Buffer.from(protocols);
  else if (isArrayBufferView(protocols)) {
    out.ALPNProtocols = Buffer.from(Buffer.from(protocols.buffer, protocols.byteOffset, protocols.byteLength));
  }
}

module.exports = { checkServerIdentity, convertALPNProtocols };
