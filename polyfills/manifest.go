package polyfills

// A Global is one property that the snapshot puts on a realm's global scope.
type Global struct {
	// Name of the property, as scripts see it.
	Name string
	// File that defines it, without ".js"; the export of the same name is the value.
	File string
	// Lazy means that File is compiled when the property is first read.
	Lazy bool
	// Own means an own property of globalThis (navigator, crypto, ...); otherwise it is an inherited one, as interface objects are.
	Own bool
	// Flag is the compatibility flag without which it is not there; "" if it always is.
	Flag string
	// Spec is the specification that describes it.
	Spec string
}

// Globals lists every Web API, sorted by file. To add one: write the file, its test, and a row here.
var Globals = []Global{
	{Name: "Cache", File: "cloudflare/cache", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/cache/"},
	{Name: "CacheStorage", File: "cloudflare/cache", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/cache/"},
	{Name: "caches", File: "cloudflare/cache", Lazy: true, Own: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/cache/"},
	{Name: "Cloudflare", File: "cloudflare/global", Lazy: true, Own: true, Spec: "https://developers.cloudflare.com/workers/configuration/compatibility-flags/"},
	{Name: "ScheduledEvent", File: "cloudflare/scheduled", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/"},
	{Name: "AbortController", File: "web/abort", Lazy: true, Spec: "https://dom.spec.whatwg.org/#interface-abortcontroller"},
	{Name: "AbortSignal", File: "web/abort", Lazy: true, Spec: "https://dom.spec.whatwg.org/#interface-AbortSignal"},
	{Name: "atob", File: "web/base64", Lazy: true, Spec: "https://html.spec.whatwg.org/#dom-atob"},
	{Name: "btoa", File: "web/base64", Lazy: true, Spec: "https://html.spec.whatwg.org/#dom-btoa"},
	{Name: "Blob", File: "web/blob", Lazy: true, Spec: "https://w3c.github.io/FileAPI/#blob-section"},
	{Name: "File", File: "web/blob", Lazy: true, Spec: "https://w3c.github.io/FileAPI/#file-section"},
	{Name: "Body", File: "web/body", Spec: "https://fetch.spec.whatwg.org/#body-mixin"},
	{Name: "CompressionStream", File: "web/compression", Lazy: true, Spec: "https://compression.spec.whatwg.org/#compression-stream"},
	{Name: "DecompressionStream", File: "web/compression", Lazy: true, Spec: "https://compression.spec.whatwg.org/#decompression-stream"},
	{Name: "console", File: "web/console", Lazy: true, Own: true, Spec: "https://console.spec.whatwg.org/"},
	{Name: "Crypto", File: "web/crypto", Lazy: true, Spec: "https://w3c.github.io/webcrypto/#crypto-interface"},
	{Name: "CryptoKey", File: "web/crypto", Lazy: true, Spec: "https://w3c.github.io/webcrypto/#cryptokey-interface"},
	{Name: "SubtleCrypto", File: "web/crypto", Lazy: true, Spec: "https://w3c.github.io/webcrypto/#subtlecrypto-interface"},
	{Name: "crypto", File: "web/crypto", Lazy: true, Own: true, Spec: "https://w3c.github.io/webcrypto/#Crypto-interface"},
	{Name: "DOMException", File: "web/dom_exception", Lazy: true, Spec: "https://webidl.spec.whatwg.org/#idl-DOMException"},
	{Name: "TextDecoder", File: "web/encoding", Lazy: true, Spec: "https://encoding.spec.whatwg.org/#interface-textdecoder"},
	{Name: "TextDecoderStream", File: "web/encoding_streams", Lazy: true, Spec: "https://encoding.spec.whatwg.org/#interface-textdecoderstream"},
	{Name: "TextEncoder", File: "web/encoding", Lazy: true, Spec: "https://encoding.spec.whatwg.org/#interface-textencoder"},
	{Name: "TextEncoderStream", File: "web/encoding_streams", Lazy: true, Spec: "https://encoding.spec.whatwg.org/#interface-textencoderstream"},
	{Name: "CloseEvent", File: "web/event", Lazy: true, Spec: "https://websockets.spec.whatwg.org/#the-closeevent-interface"},
	{Name: "CustomEvent", File: "web/event", Lazy: true, Spec: "https://dom.spec.whatwg.org/#interface-customevent"},
	{Name: "ErrorEvent", File: "web/event", Lazy: true, Spec: "https://html.spec.whatwg.org/#errorevent"},
	{Name: "EventSource", File: "web/event_source", Lazy: true, Spec: "https://html.spec.whatwg.org/#the-eventsource-interface"},
	{Name: "Event", File: "web/event_target", Spec: "https://dom.spec.whatwg.org/#interface-event"},
	{Name: "EventTarget", File: "web/event_target", Spec: "https://dom.spec.whatwg.org/#interface-eventtarget"},
	{Name: "ExtendableEvent", File: "web/event", Lazy: true, Spec: "https://w3c.github.io/ServiceWorker/#extendableevent"},
	{Name: "FetchEvent", File: "web/event", Lazy: true, Spec: "https://w3c.github.io/ServiceWorker/#fetchevent"},
	{Name: "MessageEvent", File: "web/event", Lazy: true, Spec: "https://html.spec.whatwg.org/#messageevent"},
	{Name: "PromiseRejectionEvent", File: "web/event", Lazy: true, Spec: "https://html.spec.whatwg.org/#promiserejectionevent"},
	{Name: "TailEvent", File: "web/event", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/"},
	{Name: "TraceEvent", File: "web/event", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/"},
	{Name: "fetch", File: "web/fetch", Spec: "https://fetch.spec.whatwg.org/#fetch-method"},
	{Name: "FormData", File: "web/form_data", Lazy: true, Spec: "https://xhr.spec.whatwg.org/#interface-formdata"},
	{Name: "Headers", File: "web/headers", Spec: "https://fetch.spec.whatwg.org/#headers-class"},
	{Name: "HTMLRewriter", File: "web/html_rewriter", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/"},
	{Name: "MessageChannel", File: "web/message_channel", Lazy: true, Flag: "expose_global_message_channel", Spec: "https://html.spec.whatwg.org/#messagechannel"},
	{Name: "MessagePort", File: "web/message_channel", Lazy: true, Flag: "expose_global_message_channel", Spec: "https://html.spec.whatwg.org/#messageport"},
	{Name: "Navigator", File: "web/navigator", Lazy: true, Spec: "https://html.spec.whatwg.org/#the-navigator-object"},
	{Name: "navigator", File: "web/navigator", Lazy: true, Own: true, Spec: "https://html.spec.whatwg.org/#the-navigator-object"},
	{Name: "Performance", File: "web/performance", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/hr-time/#sec-performance"},
	{Name: "performance", File: "web/performance", Lazy: true, Own: true, Spec: "https://w3c.github.io/hr-time/#sec-performance"},
	{Name: "PerformanceObserver", File: "web/performance_observer", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/performance-timeline/#the-performanceobserver-interface"},
	{Name: "PerformanceObserverEntryList", File: "web/performance_observer", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/performance-timeline/#performanceobserverentrylist-interface"},
	{Name: "PerformanceEntry", File: "web/performance_timeline", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/performance-timeline/#the-performanceentry-interface"},
	{Name: "PerformanceMark", File: "web/performance_timeline", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/user-timing/#performancemark"},
	{Name: "PerformanceMeasure", File: "web/performance_timeline", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/user-timing/#performancemeasure"},
	{Name: "PerformanceResourceTiming", File: "web/performance_timeline", Lazy: true, Flag: "enable_global_performance_classes", Spec: "https://w3c.github.io/resource-timing/#sec-performanceresourcetiming"},
	{Name: "Request", File: "web/request", Spec: "https://fetch.spec.whatwg.org/#request-class"},
	{Name: "Response", File: "web/response", Spec: "https://fetch.spec.whatwg.org/#response-class"},
	{Name: "scheduler", File: "web/scheduler", Lazy: true, Own: true, Spec: "https://wicg.github.io/scheduling-apis/"},
	{Name: "ReadableStreamDrainingReader", File: "web/streams_draining", Lazy: true, Flag: "expose_draining_reader", Spec: "https://developers.cloudflare.com/workers/configuration/compatibility-flags/"},
	{Name: "ByteLengthQueuingStrategy", File: "web/streams_strategy", Lazy: true, Spec: "https://streams.spec.whatwg.org/#blqs-class"},
	{Name: "CountQueuingStrategy", File: "web/streams_strategy", Lazy: true, Spec: "https://streams.spec.whatwg.org/#cqs-class"},
	{Name: "ReadableByteStreamController", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#rbs-controller-class"},
	{Name: "ReadableStream", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#rs-class"},
	{Name: "ReadableStreamBYOBReader", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#byob-reader-class"},
	{Name: "ReadableStreamBYOBRequest", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#rs-byob-request-class"},
	{Name: "ReadableStreamDefaultController", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#rs-default-controller-class"},
	{Name: "ReadableStreamDefaultReader", File: "web/streams_readable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#default-reader-class"},
	{Name: "FixedLengthStream", File: "web/streams_transform", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/"},
	{Name: "IdentityTransformStream", File: "web/streams_transform", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/"},
	{Name: "TransformStream", File: "web/streams_transform", Lazy: true, Spec: "https://streams.spec.whatwg.org/#ts-class"},
	{Name: "TransformStreamDefaultController", File: "web/streams_transform", Lazy: true, Spec: "https://streams.spec.whatwg.org/#ts-default-controller-class"},
	{Name: "WritableStream", File: "web/streams_writable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#ws-class"},
	{Name: "WritableStreamDefaultController", File: "web/streams_writable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#ws-default-controller-class"},
	{Name: "WritableStreamDefaultWriter", File: "web/streams_writable", Lazy: true, Spec: "https://streams.spec.whatwg.org/#default-writer-class"},
	{Name: "structuredClone", File: "web/structured_clone", Lazy: true, Spec: "https://html.spec.whatwg.org/#dom-structuredclone"},
	{Name: "clearInterval", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-clearinterval"},
	{Name: "clearTimeout", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-cleartimeout"},
	{Name: "queueMicrotask", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-queuemicrotask"},
	{Name: "reportError", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-reporterror"},
	{Name: "setInterval", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-setinterval"},
	{Name: "setTimeout", File: "web/timers", Spec: "https://html.spec.whatwg.org/#dom-settimeout"},
	{Name: "URL", File: "web/url", Spec: "https://url.spec.whatwg.org/#url-class"},
	{Name: "URLPattern", File: "web/url_pattern", Lazy: true, Spec: "https://urlpattern.spec.whatwg.org/#urlpattern-class"},
	{Name: "URLSearchParams", File: "web/url_search_params", Lazy: true, Spec: "https://url.spec.whatwg.org/#interface-urlsearchparams"},
	{Name: "WebSocket", File: "web/websocket", Lazy: true, Spec: "https://websockets.spec.whatwg.org/#the-websocket-interface"},
	{Name: "WebSocketRequestResponsePair", File: "cloudflare/durable_sockets", Lazy: true, Spec: "https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse"},
	{Name: "WebSocketPair", File: "web/websocket", Lazy: true, Spec: "https://developers.cloudflare.com/workers/runtime-apis/websockets/"},
}

// A Module is a built-in that user code may import.
type Module struct {
	// Specifier as imported, for example "node:util".
	Specifier string
	// File that defines it, without ".js". Its exports are the named exports; `default` is the exports object unless it has one.
	File string
	// NodeCompat means that it needs the nodejs_compat flag.
	NodeCompat bool
	// Flag is a compatibility flag that it needs besides; "" if none.
	Flag string
	// Note says what is missing, for COMPATIBILITY.md.
	Note string
}

// Modules lists every importable built-in, sorted by specifier; all are lazy.
var Modules = []Module{
	{Specifier: "cloudflare:node", File: "cloudflare/node", Note: "handleAsNodeRequest and httpServerHandler"},
	{Specifier: "cloudflare:sockets", File: "cloudflare/sockets", Note: "connect"},
	{Specifier: "cloudflare:workers", File: "cloudflare/workers",
		Note: "`WorkflowEntrypoint` as a class only. `tracing` keeps the active span and records nothing"},
	{Specifier: "internal:unsafe-eval", File: "cloudflare/unsafe_eval_module", Note: "For modules of extensions"},
	{Specifier: "node:_http_agent", File: "node/_http_agent", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:_http_client", File: "node/_http_client", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:_http_common", File: "node/_http_common", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:_http_incoming", File: "node/_http_incoming", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:_http_outgoing", File: "node/_http_outgoing", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:_http_server", File: "node/_http_server", NodeCompat: true, Flag: "enable_nodejs_http_server_modules"},
	{Specifier: "node:_stream_duplex", File: "node/_stream_duplex", NodeCompat: true},
	{Specifier: "node:_stream_passthrough", File: "node/_stream_passthrough", NodeCompat: true},
	{Specifier: "node:_stream_readable", File: "node/_stream_readable", NodeCompat: true},
	{Specifier: "node:_stream_transform", File: "node/_stream_transform", NodeCompat: true},
	{Specifier: "node:_stream_writable", File: "node/_stream_writable", NodeCompat: true},
	{Specifier: "node:_tls_common", File: "node/_tls_common", NodeCompat: true},
	{Specifier: "node:_tls_wrap", File: "node/_tls_wrap", NodeCompat: true},
	{Specifier: "node:assert", File: "node/assert", NodeCompat: true},
	{Specifier: "node:assert/strict", File: "node/assert_strict", NodeCompat: true},
	{Specifier: "node:async_hooks", File: "node/async_hooks", NodeCompat: true},
	{Specifier: "node:buffer", File: "node/buffer", NodeCompat: true},
	{Specifier: "node:crypto", File: "node/crypto", NodeCompat: true,
		Note: "Without X509Certificate, Certificate, and the AEADs EAX, CCM, GCM-SIV and CTR-HMAC"},
	{Specifier: "node:child_process", File: "node/child_process", NodeCompat: true, Flag: "enable_nodejs_child_process_module", Note: "Every function fails, as in the reference runtime"},
	{Specifier: "node:cluster", File: "node/cluster", NodeCompat: true, Flag: "enable_nodejs_cluster_module", Note: "The primary only"},
	{Specifier: "node:console", File: "node/console", NodeCompat: true, Flag: "enable_nodejs_console_module"},
	{Specifier: "node:constants", File: "node/constants", NodeCompat: true},
	{Specifier: "node:dgram", File: "node/dgram", NodeCompat: true, Flag: "enable_nodejs_dgram_module", Note: "Sockets that do nothing, as in the reference runtime"},
	{Specifier: "node:diagnostics_channel", File: "node/diagnostics_channel", NodeCompat: true},
	{Specifier: "node:dns", File: "node/dns", NodeCompat: true, Note: "Asks cloudflare-dns.com over HTTPS, as the reference runtime does; without resolveAny, lookupService, setServers"},
	{Specifier: "node:dns/promises", File: "node/dns_promises", NodeCompat: true, Note: "As `node:dns`"},
	{Specifier: "node:domain", File: "node/domain", NodeCompat: true, Flag: "enable_nodejs_domain_module", Note: "Domains that catch nothing, as in the reference runtime"},
	{Specifier: "node:events", File: "node/events", NodeCompat: true},
	{Specifier: "node:fs", File: "node/fs", NodeCompat: true, Flag: "enable_nodejs_fs_module", Note: "Without glob"},
	{Specifier: "node:fs/promises", File: "node/fs_promises", NodeCompat: true, Flag: "enable_nodejs_fs_module", Note: "Without glob, and `readLines` of file handles"},
	{Specifier: "node:http", File: "node/http", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:http2", File: "node/http2", NodeCompat: true, Flag: "enable_nodejs_http2_module", Note: "Constants only, as in the reference runtime"},
	{Specifier: "node:https", File: "node/https", NodeCompat: true, Flag: "enable_nodejs_http_modules"},
	{Specifier: "node:inspector", File: "node/inspector", NodeCompat: true, Flag: "enable_nodejs_inspector_module", Note: "Without a Session, as in the reference runtime"},
	{Specifier: "node:inspector/promises", File: "node/inspector_promises", NodeCompat: true, Flag: "enable_nodejs_inspector_module", Note: "Without a Session, as in the reference runtime"},
	{Specifier: "node:module", File: "node/module", NodeCompat: true, Note: "`createRequire`, `isBuiltin`, `builtinModules`; the rest fails, as in the reference runtime"},
	{Specifier: "node:net", File: "node/net", NodeCompat: true, Note: "Without Server, createServer and BoundSocket"},
	{Specifier: "node:os", File: "node/os", NodeCompat: true, Flag: "enable_nodejs_os_module"},
	{Specifier: "node:path", File: "node/path", NodeCompat: true},
	{Specifier: "node:path/posix", File: "node/path_posix", NodeCompat: true},
	{Specifier: "node:path/win32", File: "node/path_win32", NodeCompat: true},
	{Specifier: "node:perf_hooks", File: "node/perf_hooks", NodeCompat: true, Flag: "enable_nodejs_perf_hooks_module", Note: "Without PerformanceObserver and PerformanceResourceTiming"},
	{Specifier: "node:process", File: "node/process", NodeCompat: true, Note: "Without loadEnvFile"},
	{Specifier: "node:punycode", File: "node/punycode", NodeCompat: true, Flag: "enable_nodejs_punycode_module"},
	{Specifier: "node:querystring", File: "node/querystring", NodeCompat: true},
	{Specifier: "node:readline", File: "node/readline", NodeCompat: true, Flag: "enable_nodejs_readline_module", Note: "Answers are empty, as in the reference runtime"},
	{Specifier: "node:readline/promises", File: "node/readline_promises", NodeCompat: true, Flag: "enable_nodejs_readline_module", Note: "Answers are empty, as in the reference runtime"},
	{Specifier: "node:repl", File: "node/repl", NodeCompat: true, Flag: "enable_nodejs_repl_module", Note: "Every function fails, as in the reference runtime"},
	{Specifier: "node:sqlite", File: "node/sqlite", NodeCompat: true, Flag: "enable_nodejs_sqlite_module", Note: "Constants only, as in the reference runtime"},
	{Specifier: "node:stream", File: "node/stream", NodeCompat: true},
	{Specifier: "node:stream/consumers", File: "node/stream_consumers", NodeCompat: true},
	{Specifier: "node:stream/promises", File: "node/stream_promises", NodeCompat: true},
	{Specifier: "node:stream/web", File: "node/stream_web", NodeCompat: true},
	{Specifier: "node:string_decoder", File: "node/string_decoder", NodeCompat: true},
	{Specifier: "node:sys", File: "node/sys", NodeCompat: true},
	{Specifier: "node:test", File: "node/test", NodeCompat: true, Note: "`mock`, as in the reference runtime"},
	{Specifier: "node:timers", File: "node/timers", NodeCompat: true},
	{Specifier: "node:timers/promises", File: "node/timers_promises", NodeCompat: true},
	{Specifier: "node:tls", File: "node/tls", NodeCompat: true, Note: "The client; certificates are checked by the runtime, and not shown"},
	{Specifier: "node:trace_events", File: "node/trace_events", NodeCompat: true, Flag: "enable_nodejs_trace_events_module", Note: "Nothing is traced, as in the reference runtime"},
	{Specifier: "node:tty", File: "node/tty", NodeCompat: true, Flag: "enable_nodejs_tty_module"},
	{Specifier: "node:url", File: "node/url", NodeCompat: true},
	{Specifier: "node:util", File: "node/util", NodeCompat: true},
	{Specifier: "node:util/types", File: "node/util_types", NodeCompat: true},
	{Specifier: "node:zlib", File: "node/zlib", NodeCompat: true, Note: "Strategies, `memLevel` and the parameters of zstd but level and checksum change nothing"},
	{Specifier: "node:v8", File: "node/v8", NodeCompat: true, Flag: "enable_nodejs_v8_module", Note: "Statistics are zero, as in the reference runtime"},
	{Specifier: "node:vm", File: "node/vm", NodeCompat: true, Flag: "enable_nodejs_vm_module", Note: "Checks arguments and fails, as in the reference runtime"},
	{Specifier: "node:wasi", File: "node/wasi", NodeCompat: true, Flag: "enable_nodejs_wasi_module", Note: "Fails, as in the reference runtime"},
	{Specifier: "node:worker_threads", File: "node/worker_threads", NodeCompat: true, Flag: "enable_nodejs_worker_threads_module", Note: "The main thread only, as in the reference runtime"},
}
