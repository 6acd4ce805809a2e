"use strict";
// node:url, https://nodejs.org/docs/latest-v22.x/api/url.html

const {
  FunctionPrototypeCall,
  FunctionPrototypeSymbolHasInstance,
  ObjectAssign,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeReplaceAll,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;
const errors = require.lazy("node/internal_errors");
const domains = require.lazy("node/internal_url_domain");
const legacy = require.lazy("node/internal_url_legacy");
const { validateObject, validateString } = require("node/internal_validators");
const { fileURLToPath, pathToFileURL, toPathIfFileURL, urlToHttpOptions } = require("node/internal_url_file");
const { URL } = require("web/url");
const { URLSearchParams } = require("web/url_search_params");

function domainToASCII(domain) {
  if (arguments.length < 1) throw new (errors().ERR_MISSING_ARGS)("domain");
  return domains().domainToASCII(`${domain}`);
}

function domainToUnicode(domain) {
  if (arguments.length < 1) throw new (errors().ERR_MISSING_ARGS)("domain");
  return domains().domainToUnicode(`${domain}`);
}

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

const proto = Url.prototype;

proto.parse = function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, "url");
  return legacy().parseInto(this, url, parseQueryString, slashesDenoteHost);
};

// The colon between name and password stays.
function encodeAuth(auth) {
  return StringPrototypeReplaceAll(require("node/querystring").escape(auth), "%3A", ":");
}

function hostOf(url, auth) {
  if (url.host) return auth + url.host;
  if (!url.hostname) return "";
  const bare = StringPrototypeIncludes(url.hostname, ":") && !legacy().isIPv6(url.hostname);
  return `${auth}${bare ? `[${url.hostname}]` : url.hostname}${url.port ? `:${url.port}` : ""}`;
}

function prefixed(text, prefix) {
  return text && !StringPrototypeStartsWith(text, prefix) ? prefix + text : text;
}

proto.format = function format() {
  const auth = this.auth ? `${encodeAuth(this.auth)}@` : "";
  let protocol = this.protocol || "";
  let host = hostOf(this, auth);
  const queried = this.query !== null && typeof this.query === "object" ? require("node/querystring").stringify(this.query) : "";
  const search = this.search || (queried && `?${queried}`) || "";
  if (protocol && !StringPrototypeEndsWith(protocol, ":")) protocol += ":";
  let pathname = StringPrototypeReplaceAll(StringPrototypeReplaceAll(this.pathname || "", "#", "%23"), "?", "%3F");
  if (this.slashes || legacy().isSlashed(protocol)) {
    if (this.slashes || host) {
      pathname = prefixed(pathname, "/");
      host = `//${host}`;
    } else if (StringPrototypeStartsWith(protocol, "file")) {
      host = "//";
    }
  }
  return protocol + host + pathname + prefixed(StringPrototypeReplaceAll(search, "#", "%23"), "?") + prefixed(this.hash || "", "#");
};

proto.resolve = function resolve(relative) {
  return this.resolveObject(parse(relative, false, true)).format();
};

proto.resolveObject = function resolveObject(relative) {
  if (typeof relative === "string") relative = new Url().parse(relative, false, true);
  return require("node/internal_url_resolve").resolveInto(ObjectAssign(new Url(), this), relative);
};

proto.parseHost = function parseHost() {
  legacy().parseHost(this);
};

function parse(url, parseQueryString, slashesDenoteHost) {
  if (FunctionPrototypeSymbolHasInstance(Url, url)) return url;
  return new Url().parse(url, parseQueryString, slashesDenoteHost);
}

// Options of format() that leave parts of a URL away.
function formatURL(given, options) {
  const url = new URL(given.href);
  if (!options) return url.href;
  validateObject(options, "options");
  if (!(options.fragment ?? true)) url.hash = "";
  if (!(options.search ?? true)) url.search = "";
  if (!(options.auth ?? true)) url.username = url.password = "";
  if (!options.unicode || url.hostname === "") return url.href;
  const { hostname, href } = url;
  const start = StringPrototypeIndexOf(href, hostname, url.protocol.length);
  return StringPrototypeSlice(href, 0, start) + ops.op_domain_to_unicode(hostname) + StringPrototypeSlice(href, start + hostname.length);
}

function format(urlObject, options) {
  if (typeof urlObject === "string") return parse(urlObject).format();
  if (typeof urlObject !== "object" || urlObject === null) throw new (errors().ERR_INVALID_ARG_TYPE)("urlObject", ["Object", "string"], urlObject);
  if (FunctionPrototypeSymbolHasInstance(URL, urlObject)) return formatURL(urlObject, options);
  return FunctionPrototypeCall(proto.format, urlObject);
}

function resolve(source, relative) {
  return parse(source, false, true).resolve(relative);
}

function resolveObject(source, relative) {
  return source ? parse(source, false, true).resolveObject(relative) : relative;
}

module.exports = {
  URL,
  URLSearchParams,
  Url,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  format,
  parse,
  pathToFileURL,
  resolve,
  resolveObject,
  toPathIfFileURL,
  urlToHttpOptions,
};
