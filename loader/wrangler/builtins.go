package wrangler

import "strings"

// nodeBuiltins are the modules of Node.js that can be imported without "node:" in front.
//
// Source: Node.js 22, module.builtinModules, without the private ones (_http_agent and the like).
const nodeBuiltins = ` assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel
 dns dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix path/win32
 perf_hooks process punycode querystring readline readline/promises repl stream stream/consumers stream/promises stream/web
 string_decoder sys timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib
`

// isNodeBuiltin reports whether a specifier without "node:" is a module of Node.js.
func isNodeBuiltin(specifier string) bool {
	if specifier == "" || strings.ContainsAny(specifier, " \n") {
		return false
	}
	at := strings.Index(nodeBuiltins, " "+specifier)
	for at >= 0 {
		if end := nodeBuiltins[at+1+len(specifier)]; end == ' ' || end == '\n' {
			return true
		}
		next := strings.Index(nodeBuiltins[at+1:], " "+specifier)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}
