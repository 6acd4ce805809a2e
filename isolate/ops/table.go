package ops

// A Kind says where an op runs and how its result comes back.
type Kind uint8

const (
	// Native ops are C++ functions; they never block and never call Go.
	Native Kind = iota
	// Call ops run in Go on the isolate's thread while JavaScript waits; only for work that is short or a Durable Object's storage reads.
	Call
	// Async ops ride the turn's outbox and settle a promise in a later turn.
	Async
	// Send ops ride the outbox and have no answer.
	Send
)

// An Op is one row: the whole contract between JavaScript and its host.
type Op struct {
	// Name is the same in JavaScript, C++ and Go tables.
	Name string
	// Kind says where it runs.
	Kind Kind
	// Owner is the Go package or C++ file that implements it.
	Owner string
	// Args and Result describe the values; Throws the error classes.
	Args, Result, Throws string
	// Doc is one sentence.
	Doc string
}

// Table is THE list of ops, sorted by owner and name within the kinds. Ids are positions, assigned by the generator.
var Table = []Op{
	// Native: text and bytes.
	{Name: "op_utf8_encode", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "Uint8Array", Doc: "UTF-8 bytes of a string; lone surrogates become U+FFFD."},
	{Name: "op_utf8_encode_into", Kind: Native, Owner: "ops_text.cc", Args: "text string, dest Uint8Array, counts Uint32Array", Result: "undefined", Doc: "Writes as many whole code points as fit; counts[0] is UTF-16 units read, counts[1] bytes written."},
	{Name: "op_utf8_length", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "number", Doc: "Length in UTF-8 bytes."},
	{Name: "op_utf8_decode", Kind: Native, Owner: "ops_text.cc", Args: "bytes BufferSource, fatal boolean", Result: "string | undefined", Doc: "Decodes UTF-8 as the Encoding Standard says, keeping a BOM; undefined if fatal and malformed."},
	{Name: "op_latin1_encode", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "Uint8Array | undefined", Doc: "One byte per UTF-16 unit; undefined if a unit is above 0xFF."},
	{Name: "op_latin1_decode", Kind: Native, Owner: "ops_text.cc", Args: "bytes BufferSource", Result: "string", Doc: "One UTF-16 unit per byte."},
	{Name: "op_utf16le_decode", Kind: Native, Owner: "ops_text.cc", Args: "bytes BufferSource", Result: "string", Doc: "Little-endian 16-bit units; an odd last byte is ignored."},
	{Name: "op_base64_encode", Kind: Native, Owner: "ops_text.cc", Args: "bytes BufferSource", Result: "string", Doc: "Standard base64 with padding."},
	{Name: "op_base64_decode", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "Uint8Array | undefined", Doc: "Forgiving-base64 decode (Infra Standard); undefined if malformed."},
	{Name: "op_btoa", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "string | undefined", Doc: "btoa; undefined if a unit is above 0xFF."},
	{Name: "op_atob", Kind: Native, Owner: "ops_text.cc", Args: "text string", Result: "string | undefined", Doc: "atob; undefined if malformed."},
	{Name: "op_random_fill", Kind: Native, Owner: "ops_text.cc", Args: "bytes BufferSource", Result: "undefined", Doc: "Fills a view with cryptographically secure random bytes."},

	// Native: node:buffer. An encoding is a number: 0 ASCII, 1 Latin-1, 2 UTF-8, 3 UTF-16LE, 4 base64, 5 base64url, 6 hexadecimal.
	{Name: "op_buffer_from", Kind: Native, Owner: "ops_buffer.cc", Args: "text string, encoding number, strict boolean", Result: "ArrayBuffer | undefined", Throws: "RangeError", Doc: "The bytes of a text in one of Node's encodings; what is no base64 is skipped, what is no hexadecimal ends it. With strict, undefined if the text is not all hexadecimal."},
	{Name: "op_buffer_write", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource, text string, offset number, length number, encoding number", Result: "number", Doc: "Writes as much of a text as fits into the length; the result is the number of bytes."},
	{Name: "op_buffer_to_string", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource, start number, end number, encoding number", Result: "string", Throws: "RangeError", Doc: "A range of bytes as text in one of Node's encodings."},
	{Name: "op_buffer_index_of", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource, needle string | BufferSource, offset number, encoding number, forward boolean", Result: "number", Doc: "The first position of a needle from an offset on, or the last up to it; -1 if there is none. A negative offset counts from the end."},
	{Name: "op_buffer_compare", Kind: Native, Owner: "ops_buffer.cc", Args: "a BufferSource, a_start number, a_end number, b BufferSource, b_start number, b_end number", Result: "number", Doc: "The order of two ranges of bytes: -1, 0 or 1."},
	{Name: "op_buffer_fill", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource, start number, end number, pattern BufferSource", Doc: "Fills a range with repetitions of a pattern, with zeros if that is empty."},
	{Name: "op_buffer_swap", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource, width number", Doc: "Reverses the bytes of each group of 2, 4 or 8."},
	{Name: "op_buffer_is_ascii", Kind: Native, Owner: "ops_buffer.cc", Args: "bytes BufferSource", Result: "boolean", Doc: "Whether no byte is above 0x7F."},

	// Native: cloning.
	{Name: "op_structured_clone", Kind: Native, Owner: "ops_clone.cc", Args: "value any, transfer Array | undefined, forPort boolean, no_errors boolean", Result: "any", Throws: "DataCloneError", Doc: "HTML StructuredSerializeWithTransfer and StructuredDeserializeWithTransfer in this realm; a message of a port may not share memory. Objects whose class is not a plain JavaScript one are offered to the host-object hooks of core/clone. With no_errors it refuses a value with an error in it, as op_serialize."},
	{Name: "op_serialize", Kind: Native, Owner: "ops_clone.cc", Args: "value any, no_errors boolean", Result: "string | Uint8Array", Throws: "DataCloneError", Doc: "Structured serialisation to bytes, for RPC and env; few bytes are a string, one unit per byte. With no_errors it refuses a value with an error in it, of which V8 writes no properties."},
	{Name: "op_serialize_list", Kind: Native, Owner: "ops_clone.cc", Args: "list Array", Result: "string | undefined", Doc: "What op_serialize gives for a list, if that is short and of nothing but numbers, booleans, null, undefined and short strings. The list must be one that no script has seen."},
	{Name: "op_deserialize", Kind: Native, Owner: "ops_clone.cc", Args: "bytes string | BufferSource", Result: "any", Throws: "DataCloneError", Doc: "The inverse of op_serialize."},
	{Name: "op_detach", Kind: Native, Owner: "ops_clone.cc", Args: "buffer ArrayBuffer", Result: "ArrayBuffer", Throws: "TypeError", Doc: "TransferArrayBuffer: detaches and returns a new buffer with the same bytes, without a copy."},

	// Native: looking into values, for util.inspect and util.types.
	{Name: "op_value_kind", Kind: Native, Owner: "ops_inspect.cc", Args: "value any", Result: "string | undefined", Doc: "Internal kind: Arguments, ArrayBuffer, AsyncFunction, AsyncGeneratorFunction, BigIntObject, BooleanObject, DataView, Date, External, GeneratorFunction, Generator, Map, MapIterator, ModuleNamespace, NativeError, NumberObject, Promise, Proxy, RegExp, Set, SetIterator, SharedArrayBuffer, StringObject, SymbolObject, TypedArray, WeakMap, WeakRef, WeakSet, WasmMemory, WasmModule; undefined otherwise."},
	{Name: "op_promise_details", Kind: Native, Owner: "ops_inspect.cc", Args: "promise Promise", Result: "[state 0 pending | 1 fulfilled | 2 rejected, result]", Doc: "State and result of a promise."},
	{Name: "op_proxy_details", Kind: Native, Owner: "ops_inspect.cc", Args: "proxy Proxy", Result: "[target, handler] | undefined", Doc: "Target and handler; undefined if the value is no Proxy."},
	{Name: "op_preview_entries", Kind: Native, Owner: "ops_inspect.cc", Args: "object Object", Result: "[entries Array, isKeyValue boolean] | undefined", Doc: "Entries of a Map, Set, weak collection or their iterators, without running user code."},
	{Name: "op_own_non_index_properties", Kind: Native, Owner: "ops_inspect.cc", Args: "object Object, onlyEnumerable boolean", Result: "Array", Doc: "Own keys that are not array indices."},
	{Name: "op_constructor_name", Kind: Native, Owner: "ops_inspect.cc", Args: "object Object", Result: "string", Doc: "V8's name of an object's constructor, without running user code."},

	// Native: machinery.
	{Name: "op_now", Kind: Native, Owner: "ops.cc", Result: "number", Doc: "Milliseconds since the epoch, with fractions."},
	{Name: "op_enqueue_microtask", Kind: Native, Owner: "ops.cc", Args: "fn Function", Doc: "Queues a microtask; what it throws is reported as uncaught."},
	{Name: "op_get_frame", Kind: Native, Owner: "ops.cc", Result: "any", Doc: "The continuation-preserved data in force (request context and async-local values)."},
	{Name: "op_set_frame", Kind: Native, Owner: "ops.cc", Args: "frame any", Doc: "Replaces it; promise reactions registered from now on carry it."},
	{Name: "op_turn", Kind: Native, Owner: "ops.cc", Result: "number", Doc: "Counts the turns of the realm."},
	{Name: "op_compile_polyfill", Kind: Native, Owner: "ops.cc", Args: "id string", Result: "Function | undefined", Doc: "The function of a polyfill, compiled from its shared text and code cache; undefined if there is none of that id."},
	{Name: "op_require", Kind: Native, Owner: "module_import.cc", Args: "referrer string, specifier string", Result: "any", Throws: "Error, TypeError", Doc: "CommonJS require: the value of a module of the worker or of a built-in, evaluated if it is not yet."},
	{Name: "op_import_internal", Kind: Native, Owner: "module_import.cc", Args: "specifier string", Result: "object", Throws: "Error", Doc: "The namespace of a module of an extension, or of an internal built-in, evaluated if it is not yet."},
	{Name: "op_eval", Kind: Native, Owner: "ops_eval.cc", Args: "source string, name string", Result: "any", Throws: "any", Doc: "Runs a script, which may make code of strings meanwhile."},
	{Name: "op_eval_function", Kind: Native, Owner: "ops_eval.cc", Args: "body string, name string, parameters Array of string", Result: "Function", Throws: "SyntaxError", Doc: "Makes a function."},
	{Name: "op_eval_wasm", Kind: Native, Owner: "ops_eval.cc", Args: "bytes Uint8Array", Result: "WebAssembly.Module", Throws: "CompileError", Doc: "Compiles WebAssembly."},
	{Name: "op_wasm_bytes", Kind: Native, Owner: "module_import.cc", Args: "module WebAssembly.Module", Result: "Uint8Array | undefined", Doc: "The bytes from which it was compiled; undefined if the value is no WebAssembly.Module."},
	{Name: "op_stop", Kind: Native, Owner: "ops.cc", Doc: "Stops the JavaScript of the message that is being handled, for good: neither it nor the microtasks it has left run on, no catch or finally block sees it. The isolate lives on. V8 notices at the next loop or call."},
	{Name: "op_collect_garbage", Kind: Native, Owner: "ops.cc", Doc: "Collects all garbage at once, for tests."},
	{Name: "op_report_uncaught", Kind: Native, Owner: "ops.cc", Args: "error any", Doc: "Reports an exception that nobody caught, as the engine does for one from a callback."},

	// Call: Go, while JavaScript waits.
	{Name: "op_crypto", Kind: Call, Owner: "hostops", Args: "operation string, ...", Result: "Uint8Array | boolean | Array | null", Throws: "OperationError, DataError, NotSupportedError, Error", Doc: "An operation of Web Crypto on small data, see cryptoOps in hostops for their names and arguments."},
	{Name: "op_digest", Kind: Call, Owner: "hostops", Args: "algorithm string, data BufferSource", Result: "Uint8Array", Throws: "NotSupportedError", Doc: "MD5, SHA-1, SHA-256, SHA-384 or SHA-512 of small data."},
	{Name: "op_domain_to_ascii", Kind: Call, Owner: "hostops", Args: "domain string, beStrict boolean", Result: "string | null", Doc: "URL Standard domain to ASCII (UTS 46) for a domain with non-ASCII or xn-- labels; null on failure."},
	{Name: "op_domain_to_unicode", Kind: Call, Owner: "hostops", Args: "domain string", Result: "string", Doc: "UTS 46 ToUnicode."},
	{Name: "op_html_selector", Kind: Call, Owner: "loader", Args: "selector string", Result: "undefined", Throws: "TypeError", Doc: "Checks a selector of an HTMLRewriter."},
	{Name: "op_html_open", Kind: Call, Owner: "loader", Args: "context number, encoding string, esi boolean, handlers Array of (selector string | null, wants number)", Result: "number", Throws: "TypeError", Doc: "Begins to rewrite a document: the handle of a rewriter.Rewriter, whose Want constants and Handler the arguments are."},
	{Name: "op_html_write", Kind: Call, Owner: "loader", Args: "rid number, input Uint8Array, last boolean", Result: "number | [done number, events Uint8Array, text string, error string | null, more boolean]", Doc: "Reads a piece of the document, see rewriter.Batch; only the number of bytes that are done with if there is nothing else to say."},
	{Name: "op_html_close", Kind: Call, Owner: "loader", Args: "rid number", Result: "undefined", Doc: "Ends a rewriter; one that is not there is ignored."},
	{Name: "op_html_encode", Kind: Call, Owner: "loader", Args: "encoding string, text string, strict boolean", Result: "Uint8Array | null", Doc: "Text in the encoding of a document. What it does not have becomes a character reference, or, if strict, the result null."},

	{Name: "op_check_compat", Kind: Call, Owner: "loader", Args: "date string, flags Array of string, allow_experimental boolean", Result: "undefined", Throws: "Error", Doc: "Checks the compatibility date and flags of a WorkerCode; the error is the platform's."},

	{Name: "op_compat_flags", Kind: Call, Owner: "loader", Result: "Array of (name string, is_on boolean)", Doc: "Every compatibility flag and whether it is on in this worker."},

	// Send: a worker's life.
	{Name: "op_abort_isolate", Kind: Send, Owner: "loader", Args: "ctx number, reason string", Doc: "abortIsolate(): this isolate ends, with all that runs in it; the next call of the worker starts another."},
	{Name: "op_load_failed", Kind: Send, Owner: "loader", Args: "text string", Doc: "The worker did not start; the engine's or the dispatcher's words, with frames."},
	{Name: "op_loaded", Kind: Send, Owner: "loader", Args: "entrypoints Array (name, kind, is_test boolean, ...)", Doc: "The worker has started; kind is 0 object, 1 WorkerEntrypoint class, 2 DurableObject class, 3 other class, 4 WorkflowEntrypoint class; is_test says that it has a test handler."},
	{Name: "op_uncaught", Kind: Send, Owner: "loader", Args: "ctx number, what string, text string", Doc: "An exception that nobody caught, or an unhandled rejection, with its stack."},

	// Send: what a worker with tails records of itself.
	{Name: "op_trace_log", Kind: Send, Owner: "loader", Args: "ctx number, record string, size number", Doc: "A console call, as JSON; size is what counts against the limit on what is recorded of an event."},
	{Name: "op_trace_exception", Kind: Send, Owner: "loader", Args: "ctx number, record string, size number", Doc: "An exception, as JSON."},
	{Name: "op_tail_done", Kind: Send, Owner: "loader", Args: "ctx number", Doc: "The tail handler of this context has returned; op_fail says that it has thrown."},

	// Send: answers to the host's calls.
	{Name: "op_respond", Kind: Send, Owner: "loader", Args: "ctx number, status number, statusText string, headers Array | string, body null | string | Uint8Array | number, body_length number, web_socket number", Doc: "The response of the fetch event of this context; web_socket is the end of a pair that goes with it, 0 for none."},
	{Name: "op_fail", Kind: Send, Owner: "loader", Args: "ctx number, class string, message string, stack string, detail Uint8Array | null", Doc: "The event of this context has failed with an exception; detail is its serialised error for a caller that is a worker."},
	{Name: "op_abort", Kind: Send, Owner: "loader", Args: "ctx number, class string, message string, stack string, detail Uint8Array | null", Doc: "ctx.abort(): op_fail that ends the context at once, with whatever it has running."},
	{Name: "op_end", Kind: Send, Owner: "loader", Args: "ctx number, gone boolean", Doc: "The worker has seen MessageEnd: a stream of an answer is over, or the caller has gone. The context ends if nothing else keeps it."},
	{Name: "op_pass_through", Kind: Send, Owner: "loader", Args: "ctx number", Doc: "passThroughOnException(): if the event of this context hangs, the worker is to be told."},
	{Name: "op_wait_until", Kind: Send, Owner: "loader", Args: "ctx number, delta number", Doc: "A waitUntil promise was added (1) or has settled (-1)."},
	{Name: "op_rpc_return", Kind: Send, Owner: "loader", Args: "ctx number, call_id number, value Uint8Array, capabilities Array, disposer number", Doc: "The result of an RPC call, serialised; disposer is the index of the capability that runs its disposer, -1 for none."},
	{Name: "op_rpc_bounce", Kind: Send, Owner: "loader", Args: "ctx number, call_id number", Doc: "The call was addressed to an answer that is not here any more: its caller makes it on the value."},
	{Name: "op_export_dropped", Kind: Send, Owner: "loader", Args: "ctx number, export number", Doc: "An exported object that was part of an answer has been let go of, after a Release message; its disposer has run."},
	{Name: "op_rpc_throw", Kind: Send, Owner: "loader", Args: "ctx number, call_id number, class string, message string, stack string, detail Uint8Array | null", Doc: "An RPC call has thrown."},

	// Async and Send: calls to other workers.
	{Name: "op_rpc_call", Kind: Async, Owner: "loader", Args: "target number | Array, path Array of string, args Uint8Array | null, capabilities Array", Result: "boolean | [value Uint8Array, capabilities Array, disposer number]", Throws: "Error", Doc: "Calls a method (or, without args, reads a property) of a service. A target is a channel number or a descriptor, see polyfills/cloudflare/service_stub.js, or [\"promise\", id], the answer of the call with that promise; then a boolean says that this has come already, and whether the capabilities have been taken all the same. A capability is a target, [\"export\", number, true if it keeps no context alive] or [\"stream\", body, length]; in answers a channel number or [body, length]."},
	{Name: "op_event", Kind: Async, Owner: "loader", Args: "target number | Array, kind string, payload Uint8Array, info Array", Result: "Uint8Array | null", Throws: "Error", Doc: "Sends an event of a kind that cloudflare/handler_event knows; info is what its trace shows. The result is the answer, serialised, or null if it hangs."},
	{Name: "op_cap_release", Kind: Send, Owner: "loader", Args: "ctx number, channel number", Doc: "A channel that the context got in a message is not needed any more."},
	{Name: "op_stub_restored", Kind: Async, Owner: "loader", Args: "object boolean, made target | Array, params Uint8Array, capabilities Array", Result: "number", Throws: "Error", Doc: "ctx.restore(): the channel of a stub of what the context's own [restore](params) has made; it can be stored. `object` says whether it is an RpcStub."},
	{Name: "op_loader_get", Kind: Send, Owner: "loader", Args: "ctx number, worker number, binding number, id string | null", Doc: "LOADER.get: `worker` is the number by which the realm will name the stub. If code is wanted, a LoaderCode message follows."},
	{Name: "op_loader_code", Kind: Send, Owner: "loader", Args: "ctx number, worker number, code Array", Doc: "The WorkerCode that a load callback gave, or that LOADER.load got, validated and flattened: [date, flags, main, modules, env bytes, env capabilities, outbound, limits, tails]."},
	{Name: "op_loader_fail", Kind: Send, Owner: "loader", Args: "ctx number, worker number, class string, message string, detail Uint8Array | null", Doc: "The load callback has thrown, or its code did not validate."},

	// Async and Send: console, timers, bodies, fetch.
	{Name: "op_crypto_async", Kind: Async, Owner: "hostops", Args: "operation string, ...", Result: "Uint8Array | boolean | Array | null", Throws: "OperationError, DataError, NotSupportedError, Error", Doc: "op_crypto on another thread, for large data and for what takes long."},
	{Name: "op_digest_async", Kind: Async, Owner: "hostops", Args: "algorithm string, data BufferSource", Result: "Uint8Array", Throws: "NotSupportedError", Doc: "op_digest on another thread, for large data."},
	{Name: "op_console", Kind: Send, Owner: "loader", Args: "level string, text string", Doc: "One console record; level is debug, log, info, warn or error."},
	{Name: "op_timer_start", Kind: Send, Owner: "hostops", Args: "id number, delay_ms number, repeat boolean", Doc: "Starts a timer of the current context; it fires as a Timer message with the id."},
	{Name: "op_timer_clear", Kind: Send, Owner: "hostops", Args: "id number", Doc: "Stops it; unknown ids are ignored."},
	{Name: "op_idle", Kind: Async, Owner: "loader", Result: "undefined", Doc: "Waits until the context has nothing else to wait for."},
	{Name: "op_body_read", Kind: Async, Owner: "loader", Args: "rid number, max_bytes number", Result: "Uint8Array | null", Throws: "Error, TypeError", Doc: "The next bytes of a host body, null at its end."},
	{Name: "op_body_read_all", Kind: Async, Owner: "loader", Args: "rid number", Result: "Uint8Array", Throws: "Error, TypeError", Doc: "The whole rest of a host body."},
	{Name: "op_body_cancel", Kind: Send, Owner: "loader", Args: "rid number, reason Uint8Array | null", Doc: "Nobody will read the rest; the handle is released."},
	{Name: "op_fetch", Kind: Async, Owner: "loader", Args: "target number | Array, method string, url string, headers Array (name, value, ...), body null | string | Uint8Array | number, body_length number (-1 unknown), cf string | null", Result: "[status number, statusText string, headers Array, body null | Uint8Array | rid number, body_length number (-1 unknown), web_socket number (0 none)]", Throws: "TypeError, Error", Doc: "One HTTP exchange without following redirects; target 0 is the worker's global outbound."},
	{Name: "op_stream_chunk", Kind: Send, Owner: "loader", Args: "sid number, bytes BufferSource", Doc: "Answers a pull of an exported stream with bytes."},
	{Name: "op_stream_end", Kind: Send, Owner: "loader", Args: "sid number", Doc: "Answers a pull: the stream is at its end."},
	{Name: "op_stream_error", Kind: Send, Owner: "loader", Args: "sid number, name string, message string", Doc: "Answers a pull: the stream has failed."},
	{Name: "op_fetch_abort", Kind: Send, Owner: "loader", Args: "ctx number, promise_id number", Doc: "Abandons a running op_fetch: its promise is rejected at once, unless it is settled already."},

	// Send and Call: WebSockets. An end of one is a number of its context: above zero if the realm has made it, else from the host.
	{Name: "op_web_socket_pair", Kind: Send, Owner: "loader", Args: "ctx number, first number, second number", Doc: "Makes a pair of WebSockets."},
	{Name: "op_web_socket_accept", Kind: Send, Owner: "loader", Args: "ctx number, socket number, accepted boolean", Doc: "Begins to deliver what comes; if not accepted, only the news that the other end has gone."},
	{Name: "op_web_socket_send", Kind: Send, Owner: "loader", Args: "ctx number, socket number, data string | Uint8Array", Doc: "Sends a message."},
	{Name: "op_web_socket_close", Kind: Send, Owner: "loader", Args: "ctx number, socket number, code number, reason string", Doc: "Sends a Close frame."},
	{Name: "op_web_socket_abort", Kind: Send, Owner: "loader", Args: "ctx number, socket number, dealt number", Doc: "Lets go of an end: the other one is disconnected. `dealt` counts the messages that were delivered in time."},
	{Name: "op_web_socket_read", Kind: Send, Owner: "loader", Args: "ctx number, socket number, size number", Doc: "Messages of this size, each with 64 bytes more than its own, have been dealt with."},
	{Name: "op_web_socket_hold", Kind: Send, Owner: "loader", Args: "ctx number, delta number", Doc: "A WebSocket whose other end is part of the answer keeps the context (1), or does so no more (-1)."},
	{Name: "op_web_socket_taken", Kind: Call, Owner: "loader", Args: "ctx number, socket number", Result: "number", Doc: "How many bytes of what was sent the other end has taken."},

	// TCP sockets. What the realm sends is an exported stream, what it receives a body of the host.
	{Name: "op_socket_check", Kind: Call, Owner: "loader", Args: "ctx number, target number | Array, tls boolean", Result: "undefined", Throws: "Error", Doc: "Throws if the target never takes connections, or none with TLS from the start."},
	{Name: "op_socket_connect", Kind: Async, Owner: "loader", Args: "target number | Array, address string, tls string, hostname string, sending number", Result: "rid number", Throws: "Error", Doc: "Opens a connection to host:port; tls is off, on (the certificate is to be for hostname) or starttls."},
	{Name: "op_socket_start_tls", Kind: Async, Owner: "loader", Args: "rid number, hostname string, sending number", Result: "rid number", Throws: "Error", Doc: "Makes a connection a TLS one; the stream that was sent so far must end next."},
	{Name: "op_socket_accept", Kind: Send, Owner: "loader", Args: "ctx number, sending number", Doc: "The connect event of this context is being handled."},
	{Name: "op_socket_refuse", Kind: Send, Owner: "loader", Args: "ctx number, class string, message string", Doc: "It is not."},
	{Name: "op_socket_done", Kind: Send, Owner: "loader", Args: "ctx number", Doc: "Its handler has returned."},

	// Compression. A codec is a number of its realm, and ends with the context that has opened it.
	{Name: "op_codec_open", Kind: Call, Owner: "loader", Args: "ctx number, format string, decode boolean, level number, dictionary BufferSource | null", Result: "number", Throws: "Error, RangeError", Doc: "Opens a compressor or decompressor of gzip, deflate or deflate-raw; level -1 is the default. RangeError: the realm has too many."},
	{Name: "op_codec_step", Kind: Call, Owner: "loader", Args: "codec number, input BufferSource, flush number", Result: "[output Uint8Array, read number, ended boolean]", Throws: "Error", Doc: "Moves at most 64 KB of output; flush is 0 none, 1 everything taken so far, 2 the end. Less than 64 KB, or ended: there is no more to come. The error of malformed data is zlib's text."},
	{Name: "op_codec_close", Kind: Call, Owner: "loader", Args: "codec number", Doc: "Lets go of a codec; it may be gone already."},
	{Name: "op_zlib", Kind: Call, Owner: "loader", Args: "mode number, data string | BufferSource, level number, window number, strategy number, flush number, max number, dictionary BufferSource | null", Result: "Uint8Array", Throws: "Error, RangeError", Doc: "Compresses or decompresses at once; numbers are node:zlib's, max the most bytes of output."},
	{Name: "op_crc32", Kind: Call, Owner: "loader", Args: "data string | BufferSource, value number", Result: "number", Doc: "The CRC-32 that goes on from a value."},
	{Name: "op_bundle_list", Kind: Call, Owner: "loader", Result: "Array", Doc: "The names of the worker's modules, each with its size in bytes."},
	{Name: "op_bundle_read", Kind: Call, Owner: "loader", Args: "index number", Result: "Uint8Array", Throws: "Error", Doc: "The source of the module of that index in op_bundle_list."},

	// Text in encodings that C++ does not decode.
	{Name: "op_text_decode", Kind: Call, Owner: "loader", Args: "encoding string, state number, bytes BufferSource, flush boolean", Result: "[text string, state number, malformed boolean]", Throws: "Error", Doc: "Decodes a piece of a text in a legacy encoding; the state is 0 at its beginning."},
	// Durable Objects. Those whose owner is "durable" work on the storage of the object whose context it is.
	{Name: "op_object_id", Kind: Call, Owner: "loader", Args: "space number, kind number (0 of a name, 1 of its text, 2 unique), text string", Result: "string", Throws: "TypeError", Doc: "The id of an object, as 64 hexadecimal digits."},
	{Name: "op_stub_store", Kind: Call, Owner: "loader", Args: "ctx number, target number | Array", Result: "Uint8Array", Throws: "DataCloneError", Doc: "What a Durable Object stores of a stub or class: how to find what it is of. Not all can be stored."},
	{Name: "op_stub_load", Kind: Call, Owner: "loader", Args: "ctx number, stored Uint8Array", Result: "number", Throws: "DataCloneError", Doc: "The channel of a stub or class that was stored."},
	{Name: "op_stub_persistent", Kind: Call, Owner: "loader", Args: "channel number", Result: "boolean", Doc: "Whether the stub with that channel came from ctx.restore() or from storage."},
	{Name: "op_object_bind", Kind: Call, Owner: "loader", Args: "space number, id string", Result: "number", Doc: "How often the object with this id has broken; a stub that was bound before it broke is broken, too."},
	{Name: "op_object_abort", Kind: Call, Owner: "loader", Args: "ctx number, class string, message string, stack string, detail Uint8Array | null | undefined, kind number (0 it was reset, 1 it was not, 2 nor can it ever start)", Doc: "The object of this context cannot go on: what it has not committed is undone, and when the turn is over, its callers get the exception and it ends."},
	{Name: "op_object_respond", Kind: Send, Owner: "loader", Args: "ctx number, event number, status number, statusText string, headers Array | string, body null | string | Uint8Array | number, body_length number, web_socket number", Doc: "op_respond of an object's event."},
	{Name: "op_object_fail", Kind: Send, Owner: "loader", Args: "ctx number, event number, class string, message string, stack string, detail Uint8Array | null", Doc: "op_fail of an object's event."},
	{Name: "op_object_alarm_done", Kind: Send, Owner: "loader", Args: "ctx number, event number, outcome number (0 over, 1 to be tried again), moved_to number | null, stack string | null", Doc: "An alarm has been dealt with, perhaps by an exception; moved_to is when the object wants to be woken instead."},
	{Name: "op_object_socket_accept", Kind: Send, Owner: "loader", Args: "ctx number, socket number, tags Array of string, attachment bytes | null", Doc: "Accepts a WebSocket for hibernation: what comes arrives as ObjectSocket messages, also when the object was evicted meanwhile."},
	{Name: "op_object_socket_attach", Kind: Send, Owner: "loader", Args: "ctx number, socket number, attachment bytes", Doc: "Keeps what is attached to such a WebSocket."},
	{Name: "op_object_socket_done", Kind: Send, Owner: "loader", Args: "ctx number, event number", Doc: "An ObjectSocket message has been dealt with."},
	{Name: "op_object_auto_response", Kind: Send, Owner: "loader", Args: "ctx number, request string | null, response string", Doc: "What is answered without waking the object."},
	{Name: "op_object_socket_timeout", Kind: Send, Owner: "loader", Args: "ctx number, timeout_ms number", Doc: "Keeps how long events of such WebSockets may take, 0 for no limit."},
	{Name: "op_object_sockets", Kind: Call, Owner: "loader", Args: "ctx number", Result: "[sockets Array (socket number, tags Array, attachment bytes | null, closed boolean, ...), request string | null, response string | null, timeout_ms number] | null", Doc: "The hibernatable WebSockets of the object, the oldest first, and what was said of them."},
	{Name: "op_object_socket_answered", Kind: Call, Owner: "loader", Args: "ctx number, socket number", Result: "number | null", Doc: "When a message of such a WebSocket was last answered without the object, in milliseconds since 1970."},
	{Name: "op_object_resume", Kind: Send, Owner: "loader", Args: "ctx number, count number", Doc: "Asks for so many ObjectResume messages."},
	{Name: "op_object_sync", Kind: Async, Owner: "loader", Result: "undefined", Doc: "Waits until what was written before is durable."},
	{Name: "op_storage_get", Kind: Call, Owner: "durable", Args: "ctx number, key string", Result: "bytes | undefined", Throws: "Error", Doc: "The value of a key, for op_deserialize."},
	{Name: "op_storage_get_many", Kind: Call, Owner: "durable", Args: "ctx number, keys Array of string", Result: "Array (key, bytes, ...)", Throws: "Error", Doc: "The keys that are there, in order, and their values."},
	{Name: "op_storage_put", Kind: Call, Owner: "durable", Args: "ctx number, unconfirmed boolean, entries Array (key, bytes, ...)", Throws: "Error", Doc: "Stores values. If unconfirmed, others may learn of it before it is durable."},
	{Name: "op_storage_delete", Kind: Call, Owner: "durable", Args: "ctx number, unconfirmed boolean, keys Array of string", Result: "number", Throws: "Error", Doc: "Removes keys; the result is how many were there."},
	{Name: "op_storage_list", Kind: Call, Owner: "durable", Args: "ctx number, start string | null, after boolean, end string | null, prefix string | null, limit number (0 none), reverse boolean", Result: "Array (key, bytes, ...)", Throws: "Error", Doc: "The entries from start on, or behind it, and before end, whose keys begin with prefix. Keys are ordered by their UTF-8."},
	{Name: "op_storage_delete_all", Kind: Call, Owner: "durable", Args: "ctx number, with_alarm boolean", Throws: "Error", Doc: "Removes everything that the object has stored."},
	{Name: "op_storage_transaction", Kind: Call, Owner: "durable", Args: "ctx number, step number (0 begin, 1 commit, 2 roll back, 3 begin one that ends within the turn)", Throws: "Error", Doc: "Begins a transaction that lasts over turns, or ends the one that was begun last."},
	{Name: "op_storage_bookmark", Kind: Call, Owner: "durable", Args: "ctx number", Result: "number", Throws: "Error", Doc: "A number for a bookmark, higher than those that were given before."},
	{Name: "op_sql_exec", Kind: Call, Owner: "durable", Args: "ctx number, text string, known boolean, values Array of null | number | string | Uint8Array", Result: "[cursor number (0 if these are all), written number, read number, reused boolean, columns Array of string | null, value, ...]", Throws: "Error", Doc: "Runs SQL and gives the first rows, one value after the other. If the script knows the names of the columns for this text and they are the same, they are null."},
	{Name: "op_sql_next", Kind: Call, Owner: "durable", Args: "ctx number, cursor number", Result: "[cursor number, read number, value, ...]", Throws: "Error", Doc: "The next rows of a cursor."},
	{Name: "op_sql_close", Kind: Call, Owner: "durable", Args: "ctx number, cursor number", Doc: "The rest of a cursor is not wanted."},
	{Name: "op_sql_ingest", Kind: Call, Owner: "durable", Args: "ctx number, text string", Result: "[remainder string, read number, written number, count number]", Throws: "Error", Doc: "Runs the statements of a text that are complete."},
	{Name: "op_sql_size", Kind: Call, Owner: "durable", Args: "ctx number", Result: "number", Throws: "Error", Doc: "How many bytes the database has."},
	{Name: "op_sql_max_pages", Kind: Call, Owner: "durable", Args: "ctx number, pages number", Throws: "Error", Doc: "Limits the database, for tests of the platform."},
	{Name: "op_storage_get_alarm", Kind: Call, Owner: "durable", Args: "ctx number", Result: "number | null", Throws: "Error", Doc: "When the object wants to be woken, in milliseconds since 1970; null while its handler runs, unless it was set anew."},
	{Name: "op_storage_set_alarm", Kind: Call, Owner: "durable", Args: "ctx number, unconfirmed boolean, at number | null", Throws: "Error", Doc: "Sets the alarm, or deletes it."},
	{Name: "op_storage_alarm_begin", Kind: Call, Owner: "durable", Args: "ctx number, at number", Result: "boolean | number", Throws: "Error", Doc: "Whether the alarm that is due is still the object's, or when it wants to be woken instead."},
	{Name: "op_storage_alarm_end", Kind: Call, Owner: "durable", Args: "ctx number, over boolean", Throws: "Error", Doc: "Its handler has returned; the alarm goes if it is over and was not set anew."},

	// Facets of Durable Objects, by their numbers within the object of the context.
	{Name: "op_facet_class", Kind: Send, Owner: "loader", Args: "ctx number, facet number, name string, class number | Array, kind number (0 with the object's id, 1 another, 2 any text), id string | null, id_name string | null", Doc: "What a facet is of, so that it can start."},
	{Name: "op_facet_fail", Kind: Send, Owner: "loader", Args: "ctx number, facet number, name string, class string, message string, detail Uint8Array | null", Doc: "It cannot start."},
	{Name: "op_facet_end", Kind: Send, Owner: "loader", Args: "ctx number, facet number (0 if there is none), name string, step number (0 keep its storage, 1 delete it, 2 replace it), source string | null, class string, message string, detail Uint8Array | null", Doc: "Ends a facet: its callers get the exception. The source is the name of the facet whose storage is copied."},
	{Name: "op_facet_forget", Kind: Send, Owner: "loader", Args: "ctx number, facet number", Doc: "A facet that has broken is not referred to by its number any more."},
}
