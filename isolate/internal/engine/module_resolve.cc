// Which module a specifier means. A worker's modules have names of one of two kinds, by its compatibility flags:
//
// - paths (the default registry): "lib/a.js", resolved against the folder of the importing module, bare specifiers too;
// - URLs below file:///bundle/ (new_module_registry), resolved as the URL standard says.
//
// A module of the worker that is named like a built-in shadows it.

#include <algorithm>

#include "module.h"

namespace dynos {

namespace {

constexpr std::string_view kBundle = "file:///bundle/";

// Appends the segments of a path; false if it leaves the root.
bool appendPath(std::string_view path, std::vector<std::string_view>* parts) {
  size_t start = 0;
  while (start <= path.size()) {
    size_t slash = path.find('/', start);
    if (slash == std::string_view::npos) slash = path.size();
    std::string_view part = path.substr(start, slash - start);
    start = slash + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts->push_back(part);
    } else if (parts->empty()) {
      return false;
    } else {
      parts->pop_back();
    }
  }
  return true;
}

std::string join(const std::vector<std::string_view>& parts) {
  std::string path;
  for (std::string_view part : parts) {
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

// `specifier` as a path for a module of the folder of `referrer`. False if it leaves the root.
bool resolvePath(std::string_view referrer, std::string_view specifier, std::string* path) {
  std::vector<std::string_view> parts;
  size_t slash = referrer.rfind('/');
  bool relative = specifier.empty() || specifier[0] != '/';
  if (relative && slash != std::string_view::npos && !appendPath(referrer.substr(0, slash), &parts))
    return false;
  if (!appendPath(specifier, &parts)) return false;
  *path = join(parts);
  return true;
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '/';
}

// The URL of a specifier that needs no parser: a path of plain characters, against a file URL. False if a parser must see it.
bool resolvePlain(std::string_view base, std::string_view specifier, std::string* url) {
  constexpr std::string_view kFile = "file:///";
  if (!base.starts_with(kFile) || specifier.empty() || specifier.starts_with("//") ||
      specifier.find("//") != std::string_view::npos ||
      !std::all_of(specifier.begin(), specifier.end(), isPlain))
    return false;
  std::string_view last = specifier.substr(specifier.rfind('/') + 1);
  if (last.empty() || last == "." || last == "..") return false;
  std::string_view folder = base.substr(kFile.size(), base.find_first_of("?#") - kFile.size());
  size_t slash = folder.rfind('/');
  folder = slash == std::string_view::npos ? "" : folder.substr(0, slash);
  if (folder.find("//") != std::string_view::npos) return false;
  std::vector<std::string_view> parts;
  if (specifier[0] != '/' && !appendPath(folder, &parts)) return false;
  if (!appendPath(specifier, &parts)) return false;
  *url = std::string(kFile) + join(parts);
  return true;
}

// Asks a hook for a string; empty for any other answer. With *failed, it has thrown.
std::string askHook(Realm* realm, v8::Local<v8::Context> context, Hook hook,
                    const std::string& first, const std::string& second, bool* failed) {
  v8::Isolate* isolate = realm->isolate;
  v8::Local<v8::Value> args[] = {str(isolate, first), str(isolate, second)};
  v8::Local<v8::Value> answer;
  if (!realm->hook(hook)->Call(context, v8::Undefined(isolate), 2, args).ToLocal(&answer)) {
    *failed = true;
    return {};
  }
  return answer->IsString() ? utf8(isolate, answer) : std::string();
}

bool hasBuiltinScheme(std::string_view specifier) {
  return specifier.starts_with("node:") || specifier.starts_with("cloudflare:") ||
         specifier.starts_with("workerd:");
}

bool isInternal(std::string_view specifier) {
  return specifier.starts_with("internal:") || specifier.starts_with("cloudflare-internal:");
}

// Whether the importing module belongs to an extension, whose imports may be internal. A module of the worker with its name does not.
bool isTrusted(const Realm* realm, const std::string& referrer) {
  return (realm->extensions.contains(referrer) || realm->internals.contains(referrer)) &&
         !realm->modules.contains(referrer);
}

// A module of an extension; nullptr if there is none, or the importer may not have it.
ModuleEntry* findExtension(Realm* realm, const std::string& specifier, bool trusted) {
  if (trusted) {
    auto found = realm->internals.find(specifier);
    if (found != realm->internals.end()) return found->second.get();
  }
  auto found = realm->extensions.find(specifier);
  return found == realm->extensions.end() ? nullptr : found->second.get();
}

// The built-in that a specifier may mean: one with a scheme, or a bare name of Node under nodejs_compat; else empty.
std::string builtinName(Realm* realm, v8::Local<v8::Context> context, const std::string& specifier,
                        bool* failed) {
  if (hasBuiltinScheme(specifier)) return specifier;
  if (specifier.empty() || specifier[0] == '.' || specifier[0] == '/') return {};
  return askHook(realm, context, kHookBareBuiltin, specifier, "", failed);
}

// A built-in by its full name; nullptr if there is none, or, with *failed, if its file has thrown.
ModuleEntry* findBuiltin(Realm* realm, v8::Local<v8::Context> context, const std::string& name,
                         bool* failed) {
  v8::Isolate* isolate = realm->isolate;
  auto found = realm->builtins.find(name);
  if (found != realm->builtins.end()) return found->second.get();
  v8::Local<v8::Value> args[] = {str(isolate, name)};
  v8::Local<v8::Value> exports;
  v8::Local<v8::Array> keys;
  *failed =
      !realm->hook(kHookBuiltin)->Call(context, v8::Undefined(isolate), 1, args).ToLocal(&exports);
  if (*failed || !exports->IsObject()) return nullptr;
  *failed = !exports.As<v8::Object>()->GetOwnPropertyNames(context).ToLocal(&keys);
  if (*failed) return nullptr;
  v8::LocalVector<v8::String> names(isolate);
  for (uint32_t i = 0; i < keys->Length(); i++) {
    v8::Local<v8::Value> key;
    *failed = !keys->Get(context, i).ToLocal(&key);
    if (*failed) return nullptr;
    names.push_back(key.As<v8::String>());
  }
  auto entry = std::make_unique<ModuleEntry>();
  entry->name = name;
  entry->kind = kBuiltin;
  entry->exports.Reset(isolate, exports.As<v8::Object>());
  makeSynthetic(realm, entry.get(), names);
  return realm->builtins.emplace(name, std::move(entry)).first->second.get();
}

// What only extensions and the host find by this name; nullptr if there is nothing, or, with *failed, a pending exception.
ModuleEntry* findInternal(Realm* realm, v8::Local<v8::Context> context,
                          const std::string& specifier, bool* failed) {
  ModuleEntry* entry = findExtension(realm, specifier, true);
  if (entry != nullptr || !isInternal(specifier)) return entry;
  return findBuiltin(realm, context, specifier, failed);
}

void throwOutsideRoot(Realm* realm, const std::string& referrer, const std::string& specifier,
                      Import how) {
  std::string text = "Invalid module specifier \"" + specifier + "\".";
  if (how == Import::kDynamic) {
    throwError(realm->isolate, "No such module \"" + specifier + "\"");
  } else if (how == Import::kRequire) {
    throwTypeError(realm->isolate, text);
  } else {
    throwTypeError(realm->isolate, text + "\n  imported from \"" + referrer + "\".");
  }
}

ModuleEntry* resolveByPath(Realm* realm, v8::Local<v8::Context> context,
                           const std::string& referrer, const std::string& specifier, Import how) {
  bool failed = false;
  if (isTrusted(realm, referrer)) {
    ModuleEntry* entry = findInternal(realm, context, specifier, &failed);
    if (entry != nullptr || failed) return entry;
  }
  std::string builtin = builtinName(realm, context, specifier, &failed);
  if (failed) return nullptr;
  std::string path = builtin;
  if (builtin.empty() && !resolvePath(referrer, specifier, &path)) {
    throwOutsideRoot(realm, referrer, specifier, how);
    return nullptr;
  }
  auto found = realm->modules.find(path);
  if (found != realm->modules.end()) return found->second.get();
  if (!builtin.empty()) {
    ModuleEntry* entry = findBuiltin(realm, context, builtin, &failed);
    if (entry != nullptr || failed) return entry;
  }
  if (ModuleEntry* entry = findExtension(realm, path, false)) return entry;
  std::string message = "No such module \"" + (path.empty() ? "." : path) + "\".";
  if (how == Import::kStatic) message += "\n  imported from \"" + referrer + "\"";
  throwError(realm->isolate, message);
  return nullptr;
}

ModuleEntry* resolveByURL(Realm* realm, v8::Local<v8::Context> context, const std::string& referrer,
                          const std::string& specifier, Import how) {
  std::string url;
  bool failed = false;
  if (isTrusted(realm, referrer)) {
    ModuleEntry* entry = findInternal(realm, context, specifier, &failed);
    if (entry != nullptr || failed) return entry;
  }
  if (!resolveURL(realm, context, referrer, specifier, &url)) return nullptr;
  ModuleEntry* entry = findByURL(realm, url);
  if (entry == nullptr && hasBuiltinScheme(url)) {
    entry = findBuiltin(realm, context, url.substr(0, url.find_first_of("?#")), &failed);
  }
  if (entry == nullptr && !failed) entry = findExtension(realm, url, false);
  if (entry == nullptr && !failed) {
    throwError(realm->isolate, "Module not found: " + (how == Import::kRequire ? specifier : url));
  }
  return entry;
}

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

// One spelling for the path of a URL: bytes are escaped that a path cannot have, and no others. %2F stays, which is no slash.
std::string normalPath(std::string_view path) {
  constexpr std::string_view kEscaped = " \"#<>?^`{}";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (size_t i = 0; i < path.size(); i++) {
    unsigned char byte = static_cast<unsigned char>(path[i]);
    bool escaped = false;
    if (byte == '%' && i + 2 < path.size() && hexValue(path[i + 1]) >= 0 &&
        hexValue(path[i + 2]) >= 0) {
      byte = static_cast<unsigned char>(hexValue(path[i + 1]) << 4 | hexValue(path[i + 2]));
      escaped = byte == '/';
      i += 2;
    }
    if (escaped || byte < 0x20 || byte > 0x7e || kEscaped.find(char(byte)) != std::string::npos) {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += char(byte);
    }
  }
  return out;
}

// The same for the path of a whole URL.
std::string normalURL(const std::string& url) {
  if (url.find('%') == std::string::npos) return url;
  size_t end = std::min(url.find_first_of("?#"), url.size());
  return normalPath(std::string_view(url).substr(0, end)) + url.substr(end);
}

}  // namespace

ModuleEntry* findByURL(Realm* realm, const std::string& given) {
  std::string url = normalURL(given);
  if (url.starts_with("file:") && !url.starts_with(kBundle)) return nullptr;
  auto found = realm->modules.find(url);
  if (found != realm->modules.end()) return found->second.get();
  size_t end = url.find_first_of("?#");
  if (end == std::string::npos) return nullptr;
  found = realm->modules.find(url.substr(0, end));
  if (found == realm->modules.end()) return nullptr;
  auto entry = std::make_unique<ModuleEntry>();
  entry->name = url;
  entry->kind = found->second->kind;
  entry->source = found->second->source;
  return realm->modules.emplace(url, std::move(entry)).first->second.get();
}

bool resolveURL(Realm* realm, v8::Local<v8::Context> context, const std::string& base,
                const std::string& specifier, std::string* url) {
  bool failed = false;
  *url = builtinName(realm, context, specifier, &failed);
  if (failed) return false;
  if (!url->empty() || resolvePlain(base, specifier, url)) return true;
  *url = askHook(realm, context, kHookModuleURL, specifier, base, &failed);
  if (failed) return false;
  if (url->empty()) throwTypeError(realm->isolate, "Invalid module specifier: " + specifier);
  return !url->empty();
}

bool moduleKey(Realm* realm, v8::Local<v8::Context> context, const std::string& name,
               std::string* key) {
  if (!realm->url_registry) {
    if (!resolvePath("", name, key)) *key = name;  // no specifier leads there
    return true;
  }
  std::string base(kBundle);
  if (resolvePlain(base, name, key)) return true;
  bool failed = false;
  *key = askHook(realm, context, kHookModuleURL, name, base, &failed);
  if (failed) return false;
  if (key->empty()) throwTypeError(realm->isolate, "Invalid module specifier: " + name);
  *key = normalURL(key->substr(0, key->find_first_of("?#")));
  constexpr std::string_view kFile = "file:///";
  if (!key->starts_with(kFile) || key->starts_with(kBundle)) return !key->empty();
  // No name leads out of the bundle: what is beside it is taken for a path within.
  size_t start = std::min(key->find_first_not_of('/', kFile.size()), key->size());
  *key = askHook(realm, context, kHookModuleURL, key->substr(start), base, &failed);
  return !failed;
}

ModuleEntry* resolve(Realm* realm, v8::Local<v8::Context> context, const std::string& referrer,
                     const std::string& specifier, Import how) {
  return realm->url_registry ? resolveByURL(realm, context, referrer, specifier, how)
                             : resolveByPath(realm, context, referrer, specifier, how);
}

std::string fileName(const Realm* realm, const std::string& key) {
  if (!realm->url_registry) return "/" + key;
  constexpr std::string_view kFile = "file://";
  if (!key.starts_with(kFile)) return {};
  return key.substr(kFile.size(), key.find_first_of("?#") - kFile.size());
}

std::string requireName(const Realm* realm, const std::string& key) {
  if (!realm->url_registry || key.starts_with("file://")) return fileName(realm, key);
  std::string_view path = std::string_view(key).substr(key.find(':') + 1);
  path = path.substr(0, path.find_first_of("?#"));
  if (path.starts_with("//")) path = path.substr(std::min(path.find('/', 2), path.size()));
  path = path.substr(std::min(path.find_first_not_of('/'), path.size()));
  return path.empty() ? std::string() : "/" + std::string(path);
}

std::string directoryOf(const std::string& file) {
  return file.substr(0, std::max<size_t>(1, file.rfind('/')));
}

ModuleEntry* resolveInternal(Realm* realm, v8::Local<v8::Context> context,
                             const std::string& specifier) {
  bool failed = false;
  ModuleEntry* entry = findInternal(realm, context, specifier, &failed);
  if (entry == nullptr && !failed) {
    throwError(realm->isolate, "No such module \"" + specifier + "\".");
  }
  return entry;
}

}  // namespace dynos
